/** A short soft tone, made here: no file is loaded. Browsers let a page sound only after its user has done something in it. */

/** Hertz, and seconds after the beginning. */
const NOTES = [
  { frequency: 660, at: 0 },
  { frequency: 880, at: 0.12 },
] as const;
/** Seconds. */
const ATTACK = 0.015;
const LENGTH = 0.45;
const VOLUME = 0.12;
/** Milliseconds that a device may take to wake; a tone that comes later says nothing of its message. */
const PATIENCE = 5_000;

let context: AudioContext | null = null;

/** Whether the browser would let this page sound now; where it does not say, perhaps. */
export function isAudible(): boolean {
  if (typeof AudioContext === "undefined") return false;
  return context?.state === "running" || (navigator.userActivation?.hasBeenActive ?? true);
}

/** What the browser refuses is not played later either. */
export async function play(): Promise<void> {
  if (!isAudible()) return;
  try {
    context ??= new AudioContext();
    const asked = Date.now();
    await context.resume();
    if (Date.now() - asked < PATIENCE) sound(context);
  } catch {
    // There is no device to play it on.
  }
}

function sound(audio: AudioContext): void {
  for (const { frequency, at } of NOTES) {
    const begin = audio.currentTime + at;
    const oscillator = new OscillatorNode(audio, { frequency });
    const gain = new GainNode(audio, { gain: 0 });
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(VOLUME, begin + ATTACK);
    gain.gain.exponentialRampToValueAtTime(0.0001, begin + LENGTH);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(begin);
    oscillator.stop(begin + LENGTH);
  }
}
