import { Anchor } from "@mantine/core";

import { Article } from "@/components/article";
import { plainPercent } from "@/lib/format/figures";
import type { ModelCard } from "@/lib/api/types";

import styles from "./about-model.module.css";
import { bySplitTrust, findingWords } from "./card-words";
import { SplitFigures } from "./split-figures";

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** A source that is an address becomes a link; anything else stays words. */
function Source({ source }: { readonly source: string }) {
  if (!/^https?:\/\//.test(source)) return <>{source}</>;
  return (
    <Anchor href={source} underline="always" inherit rel="noreferrer">
      {source}
    </Anchor>
  );
}

export function CardView({ card }: { readonly card: ModelCard }) {
  return (
    <Article title={card.title}>
      <p className={styles.lead}>{card.intended_use}</p>

      <h2>For whom</h2>
      <p>{sentence(card.intended_population)} For anyone else its figures may be wrong.</p>

      <h2>Limits</h2>
      <ul className={styles.limits}>
        {card.limits.map((limit) => (
          <li key={limit}>{limit}</li>
        ))}
      </ul>

      <h2>How good it is</h2>
      <p>
        Each figure with its 95 % interval: were the same measured on other patients of the same kind, it
        would be expected to fall about there. On patients of another hospital it may be worse.
      </p>
      {Object.entries(card.metrics)
        .sort(([a], [b]) => bySplitTrust(a, b))
        .map(([split, metrics]) => (
          <SplitFigures key={split} split={split} metrics={metrics} />
        ))}

      <h2>Operating point</h2>
      {Object.entries(card.operating_points).map(([finding, point]) => (
        <p key={finding}>
          {`From ${plainPercent(point.threshold)} on, ${findingWords(finding)} is called present. Criterion: ${sentence(point.criterion)}`}
          {point.chosen_on && ` Chosen on: ${sentence(point.chosen_on)}`}
        </p>
      ))}

      <h2>Made from</h2>
      <ul className={styles.credits}>
        {card.training_data.map((data) => (
          <li key={data.name}>
            <strong>{data.name}</strong> · {data.licence}
            <br />
            <Source source={data.source} />
            <br />
            <span className={styles.quiet}>{data.citation}</span>
          </li>
        ))}
      </ul>

      <h2>Details</h2>
      <dl className={styles.facts}>
        <dt>Name and version</dt>
        <dd>
          {card.name} {card.version}, made on {card.created}
        </dd>
        <dt>Parameters</dt>
        <dd>{card.parameters.toLocaleString("en")}</dd>
        <dt>Reads pictures at</dt>
        <dd>
          {card.preprocessing.input_size_px} × {card.preprocessing.input_size_px} pixels
        </dd>
        {Object.entries(card.files).map(([file, sha256]) => (
          <div key={file} className={styles.fact}>
            <dt>SHA-256 of {file}</dt>
            <dd className={styles.code}>{sha256}</dd>
          </div>
        ))}
      </dl>
    </Article>
  );
}
