import { NativeSelect } from "@mantine/core";
import { useState } from "react";

import type { Task } from "@/lib/api/types";
import { findingWords, say } from "@/lib/words/catalogue";

import { bySplitTrust, splitWords } from "./card-words";
import styles from "./model-page.module.css";
import { CurvePlots } from "./plots/curve-plots";

/** The curves of the most trustworthy split, or of the one that is chosen. */
export function SplitPlots({ task }: { readonly task: Task }) {
  const splits = Object.keys(task.curves)
    .filter((split) => split in task.metrics)
    .sort(bySplitTrust);
  const [chosen, setChosen] = useState<string | null>(null);
  const split = chosen ?? splits[0];
  const curves = split === undefined ? undefined : task.curves[split];
  const metrics = split === undefined ? undefined : task.metrics[split];
  if (!split || !curves || !metrics) return null;
  return (
    // The plots' controls stay in sight within it.
    <section>
      <h2>Plots</h2>
      {splits.length > 1 ? (
        <NativeSelect
          label="Measured on"
          size="xs"
          className={styles.splitChoice ?? ""}
          value={split}
          onChange={({ currentTarget }) => {
            setChosen(currentTarget.value);
          }}
          data={splits.map((name) => ({ value: name, label: splitWords(name).title }))}
        />
      ) : (
        <p>
          {say("card", "measured_on", {
            split: splitWords(split).title,
            meaning: splitWords(split).meaning,
          }).trim()}
        </p>
      )}
      <CurvePlots
        key={split}
        finding={findingWords(task.finding)}
        curves={curves}
        metrics={metrics}
        operatingPoint={task.operating_point.threshold}
      />
    </section>
  );
}
