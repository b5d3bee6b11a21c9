/**
 * The code in the QR: read from a picture, a hand scanner or somebody's fingers, and checked before anybody is asked.
 *
 * The same rules as eventapp/tickets/rules.py: a letter (T ticket, P practice), 18 characters of Crockford's base 32 and
 * a check character over the field of 32 elements. Pure functions without a page; a test holds both to each other.
 */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SHAPE = /^[TP][0-9A-HJKMNP-TV-Z]{19}$/;
const ADDRESS = /^HTTPS?:\/\/[^/?#]+\/T\/([^/?#]+)/;
const POLYNOMIAL = 0b100101;

export const LENGTH = 20;

const powers = [1];
while (powers.length < 31) {
  const doubled = powers.at(-1) << 1;
  powers.push(doubled & 32 ? doubled ^ POLYNOMIAL : doubled);
}

function checkCharacter(body) {
  let total = 0;
  [...body].forEach((character, position) => {
    const value = ALPHABET.indexOf(character);
    if (value) total ^= powers[(powers.indexOf(value) + position + 1) % 31];
  });
  return ALPHABET[total];
}

/** Give the ticket code in a scanned or typed text, or null when the text is something else. */
export function readCode(text) {
  const plain = text.trim().toUpperCase();
  const code = tidy(ADDRESS.exec(plain)?.[1] ?? plain);
  return SHAPE.test(code) && checkCharacter(code.slice(0, -1)) === code.at(-1) ? code : null;
}

/** Put typed characters right: capitals, no blanks or hyphens, and I, L and O as the digits they look like. */
export function tidy(typed) {
  return typed
    .normalize("NFKC")
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .toUpperCase()
    .replace(/[\s._\p{Pd}\p{Cf}]/gu, "")
    .replace(/[IL]/g, "1")
    .replace(/O/g, "0");
}

/** Write a code in groups of four, as it is printed below the QR. */
export function grouped(code) {
  return code.match(/.{1,4}/g)?.join(" ") ?? "";
}
