/**
 * Hands frames of the camera to the reader, one at a time, and tells what each showed.
 *
 * The middle of the picture at the camera's own resolution, never shrunk: shrinking costs reading distance. While a
 * frame is with the reader, others are let go, so that a slow phone sees late but never old pictures.
 */

export class Decoder {
  #worker;
  #canvas = document.createElement("canvas");
  #busy = true;
  #video;
  #onText;
  #running = false;

  /** `onText(text or null)` is called for every frame that was read, `onFail()` once if the reader cannot load. */
  constructor({ url, video, onText, onFail }) {
    this.#video = video;
    this.#onText = onText;
    this.#worker = new Worker(url, { type: "module" });
    this.#worker.addEventListener("error", () => onFail());
    this.#worker.addEventListener("message", ({ data }) => {
      if (data.failed) return onFail();
      this.#busy = false;
      return data.ready ? undefined : this.#onText(data.text);
    });
  }

  /** Read from now on. */
  start() {
    if (this.#running) return;
    this.#running = true;
    this.#next();
  }

  /** Read no more until start() is called again. */
  stop() {
    this.#running = false;
  }

  #next() {
    if (!this.#running) return;
    const step = () => {
      if (!this.#running) return;
      this.#send();
      this.#next();
    };
    if (this.#video.requestVideoFrameCallback) this.#video.requestVideoFrameCallback(step);
    else requestAnimationFrame(step);
  }

  #send() {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (this.#busy || !width || !height) return;
    this.#busy = true;
    const side = Math.min(width, height);
    this.#canvas.width = side;
    this.#canvas.height = side;
    const context = this.#canvas.getContext("2d", { willReadFrequently: true, alpha: false });
    context.drawImage(this.#video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, side, side);
    const pixels = context.getImageData(0, 0, side, side).data.buffer;
    this.#worker.postMessage({ pixels, width: side, height: side }, [pixels]);
  }
}
