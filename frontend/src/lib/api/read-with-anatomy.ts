import type { QueryClient } from "@tanstack/react-query";

import { anatomyReadyQuery } from "./queries";
import { readRadiograph } from "./upload";

/** Reads radiographs with their evidence, and with lungs and heart measured where the server can do that. */
export function readerWithAnatomy(queryClient: QueryClient): typeof readRadiograph {
  return async (file, options) => {
    // No answer to this question is no reason not to read: the upload will tell what is wrong.
    const withAnatomy = await queryClient.query(anatomyReadyQuery).catch(() => false);
    return readRadiograph(file, { ...options, withAnatomy, withEvidence: true });
  };
}
