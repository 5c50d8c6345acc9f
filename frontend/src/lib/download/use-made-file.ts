import { useState } from "react";

import { makeFile } from "@/lib/api/made-file";
import { ProblemError } from "@/lib/api/problem";

import { saveBlob } from "./save-file";

interface Made {
  readonly address: string;
  /** What it is called where the server gives it no name. */
  readonly fileName: string;
  /** What is said when it was saved and the server warns of nothing. */
  readonly saved: string;
}

/** Has the server make files from a radiograph and saves them, one at a time; tells how it went. */
export function useMadeFile(file: File) {
  const [making, setMaking] = useState<string | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const save = async ({ address, fileName, saved }: Made) => {
    setMaking(address);
    setSaid("");
    try {
      const made = await makeFile(address, file);
      saveBlob(made.fileName ?? fileName, made.content);
      setSaid(made.warning === null ? saved : `${saved} ${made.warning}`);
    } catch (error) {
      setSaid(error instanceof ProblemError ? error.problem.detail : "No answer came from the server.");
    } finally {
      setMaking(null);
    }
  };
  return { making, said, save };
}
