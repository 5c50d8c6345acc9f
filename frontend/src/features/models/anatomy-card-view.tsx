import { Article } from "@/components/article";
import type { AnatomyCard } from "@/lib/api/types";
import { codeWords, organWords, say } from "@/lib/words/catalogue";

import { CardOrigins, CardPurpose } from "./card-parts";
import { type IntervalRow, IntervalTable } from "./interval-table";
import styles from "./model-page.module.css";

type Metrics = AnatomyCard["metrics"][string];
type Children = NonNullable<AnatomyCard["children"]>[string];
type Pictures = NonNullable<AnatomyCard["pictures"]>[string];

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

function sizeOf(images: number, missing: number): string {
  return missing > 0
    ? say("anatomy_card", "size_missing", { images, missing })
    : say("anatomy_card", "size", { images });
}

function childrenRows(children: Children): IntervalRow[] {
  const names = ["outside", "over_a_tenth", "covered"] as const;
  return names.map((name) => ({ name: say("anatomy_card", name), figure: children[name] }));
}

const ESTIMATES = [
  "adult_auroc",
  "adult_unknown",
  "adult_wrong",
  "ap_auroc",
  "ap_unknown",
  "ap_wrong",
] as const;

function pictureRows(pictures: Pictures): IntervalRow[] {
  const read = Object.entries(pictures.accepted).map(([group, figure]) => ({
    name: say("anatomy_card", "read", { group: codeWords(group), count: pictures.counts[group] ?? 0 }),
    figure,
  }));
  const told = ESTIMATES.flatMap((name) => {
    const figure = pictures[name];
    return figure ? [{ name: say("anatomy_card", name), figure }] : [];
  });
  return [...read, ...told];
}

interface GroupFiguresProps {
  readonly title: string;
  readonly size?: string;
  readonly rows: readonly IntervalRow[];
}

function GroupFigures({ title, size, rows }: GroupFiguresProps) {
  return (
    <div className={styles.split}>
      <h3>
        {title} <span className={styles.quiet}>{size}</span>
      </h3>
      <IntervalTable rows={rows} />
    </div>
  );
}

/** How accurate the outlines of lungs and heart are, on test films. */
export function AnatomyCardView({ card }: { readonly card: AnatomyCard }) {
  const { test: children } = card.children ?? {};
  const { test: pictures } = card.pictures ?? {};
  const groups = Object.entries(card.metrics).filter(([group]) => group.startsWith("test"));
  return (
    <Article title={card.title}>
      <CardPurpose card={card} />

      <h2>Performance</h2>
      <p>{say("anatomy_card", "measured")}</p>
      {groups.map(([group, metrics]) => (
        <GroupFigures
          key={group}
          title={titleOf(group)}
          size={sizeOf(metrics.images, metrics.not_credible)}
          rows={rowsOf(metrics)}
        />
      ))}
      {children && (
        <GroupFigures
          title={say("anatomy_card", "children")}
          size={sizeOf(children.images, children.not_outlined)}
          rows={childrenRows(children)}
        />
      )}
      {pictures && <GroupFigures title={say("anatomy_card", "pictures")} rows={pictureRows(pictures)} />}

      <CardOrigins card={card} />
    </Article>
  );
}
