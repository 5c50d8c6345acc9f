import { vi } from "vitest";

interface FakeAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

/** Stands in for XMLHttpRequest; the test drives it: `progress`, `answer`, `fail`. */
export class FakeXhr {
  static readonly sent: FakeXhr[] = [];

  readonly upload: {
    onprogress: ((event: Pick<ProgressEvent, "lengthComputable" | "loaded" | "total">) => void) | null;
    onload: (() => void) | null;
  } = { onprogress: null, onload: null };
  onload: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onabort: (() => void) | null = null;
  method = "";
  url = "";
  status = 0;
  responseText = "";
  body: FormData | null = null;
  aborted = false;
  #headers: Record<string, string> = {};

  static install(): void {
    FakeXhr.sent.length = 0;
    vi.stubGlobal("XMLHttpRequest", FakeXhr);
  }

  /** The request that sends the file of this name. */
  static of(fileName: string): FakeXhr {
    const request = FakeXhr.sent.findLast(({ fileName: name }) => name === fileName);
    if (!request) throw new Error(`No request sent ${fileName}.`);
    return request;
  }

  get fileName(): string {
    const file = this.body?.get("file");
    return file instanceof File ? file.name : "";
  }

  open(method: string, url: string): void {
    this.method = method;
    this.url = url;
  }

  setRequestHeader(): void {
    // Nothing looks at request headers.
  }

  getResponseHeader(name: string): string | null {
    return this.#headers[name] ?? null;
  }

  send(body: FormData): void {
    this.body = body;
    FakeXhr.sent.push(this);
  }

  abort(): void {
    this.aborted = true;
    this.onabort?.();
  }

  progress(loaded: number, total: number): void {
    this.upload.onprogress?.({ lengthComputable: true, loaded, total });
  }

  answer({ status, body, headers = {} }: FakeAnswer): void {
    this.upload.onload?.();
    this.status = status;
    this.#headers = headers;
    this.responseText = typeof body === "string" ? body : JSON.stringify(body);
    this.onload?.();
  }

  fail(): void {
    this.onerror?.();
  }
}
