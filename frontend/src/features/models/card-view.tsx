import { Article } from "@/components/article";
import { plainPercent } from "@/lib/format/figures";
import type { ModelCard } from "@/lib/api/types";

import { CardOrigins, CardPurpose } from "./card-parts";
import { bySplitTrust, findingWords, sentence } from "./card-words";
import { conformalWords } from "./conformal-words";
import { SplitFigures } from "./split-figures";
import { SplitPlots } from "./split-plots";
import { TrialFigures } from "./trial-figures";

/** A classifier's card: what it is for, how good it is in figures and in pictures, what it was made from. */
export function CardView({ card }: { readonly card: ModelCard }) {
  const uncertain = conformalWords(card);
  return (
    <Article title={card.title}>
      <CardPurpose card={card} />

      <h2>How good it is</h2>
      <p>
        Each figure with its 95 % interval: were the same measured on other patients of the same kind, it
        would be expected to fall about there. On patients of another hospital it may be worse. Predictive
        values hold where pneumonia is as common as among these patients.
      </p>
      {Object.entries(card.metrics)
        .sort(([a], [b]) => bySplitTrust(a, b))
        .map(([split, metrics]) => (
          <SplitFigures key={split} split={split} metrics={metrics} />
        ))}

      <SplitPlots card={card} />

      <TrialFigures trials={card.trials} />

      <h2>Operating point</h2>
      {Object.entries(card.operating_points).map(([finding, point]) => (
        <p key={finding}>
          {`From ${plainPercent(point.threshold)} on, ${findingWords(finding)} is called present. Criterion: ${sentence(point.criterion)}`}
          {point.chosen_on && ` Chosen on: ${sentence(point.chosen_on)}`}
        </p>
      ))}

      {uncertain && (
        <>
          <h2>When it says uncertain</h2>
          <p>{uncertain}</p>
        </>
      )}

      <CardOrigins card={card} />
    </Article>
  );
}
