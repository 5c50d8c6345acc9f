import { useQuery } from "@tanstack/react-query";

import { modelsQuery } from "@/lib/api/queries";
import type { ModelSummary } from "@/lib/api/types";

import { useSessionSnapshot } from "../store/session-context";

interface Models {
  /** That can read, the server's default first. */
  readonly ready: readonly ModelSummary[];
  /** Those that films are read by from now on, the main one first; those that are selected from, if automatic. */
  readonly chosen: readonly ModelSummary[];
  /** The server can select by the patient's age. */
  readonly canSelect: boolean;
  /** It does so from now on. */
  readonly isAutomatic: boolean;
}

const NONE: Models = { ready: [], chosen: [], canSelect: false, isAutomatic: false };

/** The models that can read radiographs, and those that were chosen; empty until the server has told. */
export function useModels(): Models {
  const { models: asked } = useSessionSnapshot();
  const { data } = useQuery(modelsQuery);
  if (!data) return NONE;
  const isDefault = ({ address }: ModelSummary) => address === data.default;
  const able = data.models.filter(({ ready, decides_on: tasks }) => ready && tasks.length > 0);
  const ready = [...able.filter(isDefault), ...able.filter((model) => !isDefault(model))];
  const isAutomatic = data.automatic && asked === null;
  const chosen = ready.filter((model) => asked?.includes(model.address) ?? (isAutomatic || isDefault(model)));
  return { ready, chosen, canSelect: data.automatic, isAutomatic };
}
