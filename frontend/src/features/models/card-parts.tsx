import { Anchor } from "@mantine/core";

import type { AnatomyCard, ModelCard } from "@/lib/api/types";

import { LANGUAGE, say } from "@/lib/words/catalogue";

import { sentence } from "./card-words";
import styles from "./model-page.module.css";

type AnyCard = ModelCard | AnatomyCard;

/** A source that is an address becomes a link; anything else stays words. */
function Source({ source }: { readonly source: string }) {
  if (!/^https?:\/\//.test(source)) return <>{source}</>;
  return (
    <Anchor href={source} underline="always" inherit rel="noreferrer">
      {source}
    </Anchor>
  );
}

/** What a model is for, for whom, and its limits. */
export function CardPurpose({ card }: { readonly card: AnyCard }) {
  return (
    <>
      <p className={styles.lead}>{card.intended_use}</p>

      <h2>Intended population</h2>
      <p>{say("card", "population", { population: sentence(card.intended_population) })}</p>

      <h2>Limits</h2>
      <ul className={styles.limits}>
        {card.limits.map((limit) => (
          <li key={limit}>{limit}</li>
        ))}
      </ul>
    </>
  );
}

/** What a model was trained on, its version and its files. */
export function CardOrigins({ card }: { readonly card: AnyCard }) {
  return (
    <>
      <h2>Training data</h2>
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
          {card.name} {card.version}, created on {card.created}
        </dd>
        <dt>Parameters</dt>
        <dd>{card.parameters.toLocaleString(LANGUAGE)}</dd>
        <dt>Input size</dt>
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
    </>
  );
}
