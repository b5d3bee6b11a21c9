/**
 * The reader of QR codes, beside the page so that the page never waits for it.
 *
 * Takes `{pixels, width, height}` (RGBA), answers `{text}` or `{text: null}`; first of all `{ready}` once the
 * WebAssembly has loaded, or `{failed}`. The module comes from our own vendor folder, never from another host.
 */

import { prepareZXingModule, readBarcodes } from "../vendor/zxing-wasm-3.1.4/es/reader/index.js";

const WASM = new URL("../vendor/zxing-wasm-3.1.4/reader/zxing_reader.wasm", import.meta.url).href;
const OPTIONS = { formats: ["QRCode"], maxNumberOfSymbols: 1, tryHarder: true };

async function start() {
  try {
    await prepareZXingModule({ overrides: { locateFile: () => WASM }, fireImmediately: true });
    postMessage({ ready: true });
  } catch (error) {
    postMessage({ failed: String(error) });
  }
}

addEventListener("message", async ({ data }) => {
  let text = null;
  try {
    const image = new ImageData(new Uint8ClampedArray(data.pixels), data.width, data.height);
    const [found] = await readBarcodes(image, OPTIONS);
    text = found?.text || null;
  } catch {
    // A frame that cannot be read is a frame without a code.
  }
  postMessage({ text });
});

start();
