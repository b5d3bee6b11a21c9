// Tell others about an event: the phone's own sheet, else the address is copied. Without script the link writes a mail.
for (const link of document.querySelectorAll("[data-share]")) {
  if (!navigator.share && !navigator.clipboard) continue;
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    const { share: url, title, copied } = link.dataset;
    if (navigator.share) {
      await navigator.share({ url, title }).catch(() => {}); // closing the sheet is no error
      return;
    }
    await navigator.clipboard.writeText(url);
    link.nextElementSibling.textContent = copied;
  });
}
