/** Types that several modules share; nothing here is loaded by a browser. */

/** Gradio's view of a component of ours: `watch` calls back after the server has set a property. */
export interface Props {
  value: any;
}

/** What each component's module exports as `mount`: it builds the component inside `element`. */
export type Mount = (
  element: HTMLElement,
  props: Props,
  trigger: (event: string, detail?: unknown) => void,
  watch: (name: string, callback: () => void) => void,
) => void;

/** What a job says of itself (demo/routes/jobs.py). */
export interface JobNews {
  state: "queued" | "running" | "done" | "failed" | "stopped";
  place: number;
  version: number;
  message: string;
  latest: any;
}

/** A key picture of a walk, as one tab hands it to another. */
export interface Key {
  z: Float32Array;
  seed?: number;
  label?: string;
}

/** A run as its watchers get it (demo/backend/runs/payload.py). */
export interface RunPayload {
  id?: string;
  state: string;
  place?: number;
  message?: string;
  data?: string;
  method?: string;
  /** What it starts from, in words; empty for new networks. */
  start?: string;
  size?: number;
  channels?: number;
  seed?: number;
  points: Record<string, any[]>;
  budget?: { steps?: number; seconds?: number };
  [more: string]: any;
}

/** A curve of a chart. */
export interface Series {
  name: string;
  column: string;
  actor: string;
  shape: string;
  dash?: string;
  dots?: boolean;
}

/** A line that curves are read against. */
export interface Rule {
  value: number;
  text: string;
  actor?: string;
}

/** What a chart is made of. */
export interface ChartOptions {
  title: string;
  /** What stands above it instead of its title, such as a term that is explained. */
  words?: Node | string;
  /** The column to run along. */
  axis?: "seconds" | "step";
  series: Series[];
  /** Where the scale is fixed; `ends` has words for its ticks. */
  range?: number[];
  ends?: Record<string, string>;
  /** Whether it may be logarithmic. */
  log?: boolean;
  reference?: Rule;
  /** The words of a readout; `data` are those of the last update, and whether a past moment is shown. */
  format: (series: Series, value: number, data: any) => string;
  /** After a click. */
  pick: (index: number) => void;
  /** The moment under the pointer, or null. */
  hover: (index: number | null) => void;
}

declare global {
  interface Window {
    /** The page's settings, as Gradio writes them. */
    gradio_config?: { components?: { props: any }[] };
  }
}
