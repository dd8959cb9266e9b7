// Gradio keeps a clock beside whatever loads, and never stops that of a part which has gone meanwhile: sixty times a
// second, for as long as the page is open. Here they tick twice a second; everything else is drawn as ever.

const draw = window.requestAnimationFrame.bind(window);
const TICK_MILLISECONDS = 500;

window.requestAnimationFrame = (callback) => {
  const isClock = callback.toString().includes("performance.now()");
  return isClock ? setTimeout(() => draw(callback), TICK_MILLISECONDS) : draw(callback);
};
