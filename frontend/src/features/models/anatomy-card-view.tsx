import { Article } from "@/components/article";
import type { AnatomyCard } from "@/lib/api/types";
import { codeWords } from "@/lib/words/catalogue";

import { CardOrigins, CardPurpose } from "./card-parts";
import { type IntervalRow, IntervalTable } from "./interval-table";
import styles from "./model-page.module.css";

type Metrics = AnatomyCard["metrics"][string];

function rowsOf({ dice, hausdorff95_px: distances, cardiothoracic_ratio: ratio }: Metrics): IntervalRow[] {
  const byOrgan = (name: string, figures: Metrics["dice"], digits: number) =>
    Object.entries(figures).map(([organ, figure]) => ({
      name: `${name}, ${codeWords(organ)}`,
      figure,
      digits,
    }));
  return [
    ...byOrgan("Dice (1 is best)", dice, 3),
    ...byOrgan("Hausdorff distance (95th percentile, pixels of 512)", distances, 1),
    { name: "Cardiothoracic ratio, mean absolute error", figure: ratio.mae, digits: 3 },
    { name: "Cardiothoracic ratio, bias", figure: ratio.bias, digits: 3 },
  ];
}

/** "test" gives "Test radiographs"; "test_jsrt" gives "Test radiographs: jsrt". */
function titleOf(group: string): string {
  const [split = group, ...source] = group.split("_");
  const title = `${split.charAt(0).toUpperCase()}${split.slice(1)} radiographs`;
  return source.length > 0 ? `${title}: ${source.join(" ")}` : title;
}

function GroupFigures({ group, metrics }: { readonly group: string; readonly metrics: Metrics }) {
  return (
    <div className={styles.split}>
      <h3>
        {titleOf(group)}{" "}
        <span className={styles.quiet}>
          {metrics.images} radiographs
          {metrics.not_credible > 0 && `, ${metrics.not_credible} without a measurement`}
        </span>
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
      <p>
        Measured on films that were used neither for training nor to choose settings. Each figure has its 95 %
        interval.
      </p>
      {groups.map(([group, metrics]) => (
        <GroupFigures key={group} group={group} metrics={metrics} />
      ))}

      <CardOrigins card={card} />
    </Article>
  );
}
