/**
 * Keeps the page as high as what is really seen: some browsers lay a phone's keyboard over the page instead of making it
 * smaller, whatever the page asks for.
 */

export function followViewport(viewport = window.visualViewport) {
  if (!viewport) return;
  const fit = () => {
    // Zoomed in with two fingers the viewport is small as well, and the page must not follow that.
    if (viewport.scale > 1) return;
    document.documentElement.style.setProperty("--seen-height", `${viewport.height}px`);
    // The browser may have scrolled the page to show the text box; there is nothing below to see.
    if (viewport.offsetTop > 0) window.scrollTo(0, 0);
  };
  viewport.addEventListener("resize", fit);
  viewport.addEventListener("scroll", fit);
  fit();
}
