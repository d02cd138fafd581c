// Sends the browser back to the merchant as soon as the page stands.
for (const form of document.querySelectorAll("form[data-goes-by-itself]")) form.submit();
