import { Article } from "@/components/article";
import type { AnatomyCard } from "@/lib/api/types";
import { organWords, say } from "@/lib/words/catalogue";

import { CardOrigins, CardPurpose } from "./card-parts";
import { type IntervalRow, IntervalTable } from "./interval-table";
import styles from "./model-page.module.css";

type Metrics = AnatomyCard["metrics"][string];

function rowsOf(metrics: Metrics): IntervalRow[] {
  const byOrgan = (name: "dice" | "hausdorff95_px", digits: number) =>
    Object.entries(metrics[name]).map(([organ, figure]) => ({
      name: say("anatomy_card", name, { organ: organWords(organ) }),
      figure,
      digits,
    }));
  const ofRatio = (name: "mae" | "bias") => ({
    name: say("anatomy_card", name),
    figure: metrics.cardiothoracic_ratio[name],
    digits: 3,
  });
  return [...byOrgan("dice", 3), ...byOrgan("hausdorff95_px", 1), ofRatio("mae"), ofRatio("bias")];
}

/** "test" gives "Test radiographs"; "test_jsrt" gives "Test radiographs: jsrt". */
function titleOf(group: string): string {
  const source = group.split("_").slice(1).join(" ");
  return source ? say("anatomy_card", "group_of", { source }) : say("anatomy_card", "group");
}

function sizeOf({ images, not_credible: missing }: Metrics): string {
  return missing > 0
    ? say("anatomy_card", "size_missing", { images, missing })
    : say("anatomy_card", "size", { images });
}

function GroupFigures({ group, metrics }: { readonly group: string; readonly metrics: Metrics }) {
  return (
    <div className={styles.split}>
      <h3>
        {titleOf(group)} <span className={styles.quiet}>{sizeOf(metrics)}</span>
      </h3>
      <IntervalTable rows={rowsOf(metrics)} />
    </div>
  );
}

/** How accurate the outlines of lungs and heart are, on test films. */
export function AnatomyCardView({ card }: { readonly card: AnatomyCard }) {
  const groups = Object.entries(card.metrics).filter(([group]) => group.startsWith("test"));
  return (
    <Article title={card.title}>
      <CardPurpose card={card} />

      <h2>Performance</h2>
      <p>{say("anatomy_card", "measured")}</p>
      {groups.map(([group, metrics]) => (
        <GroupFigures key={group} group={group} metrics={metrics} />
      ))}

      <CardOrigins card={card} />
    </Article>
  );
}
