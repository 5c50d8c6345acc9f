import { ActionIcon, Button } from "@mantine/core";
import { useSyncExternalStore } from "react";

import { Icon } from "@/components/icon";

import type { FilmView } from "./film/film-view";
import type { Measurement } from "./film/measurement";
import styles from "./viewer.module.css";

const NONE: readonly Measurement[] = [];
const nothing = () => () => undefined;
const none = () => NONE;

export function useMeasurements(view: FilmView | null): readonly Measurement[] {
  return useSyncExternalStore(view ? view.subscribeMeasurements : nothing, view ? view.measurements : none);
}

const NAMES: Readonly<Record<Measurement["kind"], string>> = { length: "Length", angle: "Angle" };

/** What was measured on the film, in words, with a button to remove each. */
export function MeasurementList({ view }: { readonly view: FilmView | null }) {
  const measurements = useMeasurements(view);
  if (!view || measurements.length === 0) return null;
  return (
    <div className={styles.measurements}>
      <ul aria-label="Measurements">
        {measurements.map(({ id, kind, words }) => (
          <li key={id}>
            <span>
              {NAMES[kind]} {words}
            </span>
            <ActionIcon
              variant="subtle"
              size="sm"
              className={styles.remove ?? ""}
              aria-label={`Remove ${NAMES[kind].toLowerCase()} ${words}`}
              onClick={() => {
                view.removeMeasurement(id);
              }}
            >
              <Icon name="close" sizePx={13} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      {measurements.length > 1 && (
        <Button size="compact-xs" variant="default" onClick={view.removeMeasurements}>
          Remove all
        </Button>
      )}
    </div>
  );
}
