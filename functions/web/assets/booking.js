// When the countdown is over, the page says what that means. Its form is still good: what was typed comes along.
addEventListener("countdown-over", () => {
  for (const shown of document.querySelectorAll("[data-while-held]")) shown.hidden = true;
  for (const told of document.querySelectorAll("[data-when-over]")) told.hidden = false;
});
