import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { Article } from "@/components/article";
import { ProblemError } from "@/lib/api/problem";
import { modelCardQuery } from "@/lib/api/queries";

import { AnatomyCardView } from "./anatomy-card-view";
import { CardView } from "./card-view";
import { ModelLinks } from "./model-links";

function reason(error: unknown): string {
  if (!(error instanceof ProblemError)) return "The server does not answer. Check that it runs.";
  const { known } = error.problem;
  return known.length > 0 ? `The server has: ${known.join(", ")}.` : error.problem.detail;
}

/** The card of a model, and the ways to those of the others. */
export function ModelPage({ name }: { readonly name: string }) {
  return (
    <>
      <ModelLinks current={name} />
      <CardOfModel name={name} />
    </>
  );
}

/** Purpose, population, performance, training data. */
function CardOfModel({ name }: { readonly name: string }) {
  const { data: card, error, refetch } = useQuery(modelCardQuery(name));
  if (card?.kind === "anatomy") return <AnatomyCardView card={card} />;
  if (card) return <CardView card={card} />;
  if (!error) {
    return (
      <Article title="The model">
        <p role="status">Fetching its card…</p>
        <Skeleton height={12} mt="md" />
        <Skeleton height={12} mt="md" width="70%" />
      </Article>
    );
  }
  return (
    <Article title={`There is no card of “${name}” to show`}>
      <p>{reason(error)}</p>
      <Button mt="md" variant="default" onClick={() => void refetch()}>
        Try again
      </Button>
    </Article>
  );
}
