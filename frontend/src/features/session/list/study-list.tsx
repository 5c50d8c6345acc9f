import { Fragment, type ReactNode } from "react";

import type { Series, Study } from "../files/reading-order";
import type { Entry } from "../store/entry";
import styles from "./session-list.module.css";

interface StudyListProps {
  readonly studies: readonly Study<Entry>[];
  /** Dates help to tell who was examined, so they are shown when asked for. */
  readonly hasDates: boolean;
  readonly item: (entry: Entry) => ReactNode;
}

function images(count: number): string {
  return count === 1 ? "1 image" : `${count} images`;
}

/** 20261121 as 2026-11-21; what is no date as it stands. */
function dateWords(date: string): string {
  return date.replace(/^(\d{4})\.?(\d{2})\.?(\d{2})$/, "$1-$2-$3");
}

function seriesWords({ number, modality, images: ofSeries }: Series<Entry>): string {
  const name = number === null ? "Series" : `Series ${number}`;
  return [name, modality, images(ofSeries.length)].filter((words) => words !== null).join(" · ");
}

/** Studies, their series, their images; pictures that belong to no study stand by themselves. */
export function StudyList({ studies, hasDates, item }: StudyListProps) {
  const numbered = studies.filter(({ uid }) => uid !== null);
  return studies.map((study) => {
    const { uid, date, series } = study;
    if (uid === null) return <ul key="">{series.flatMap(({ images: ofSeries }) => ofSeries.map(item))}</ul>;
    return (
      <Fragment key={uid}>
        <h3 className={styles.study}>
          Study {numbered.indexOf(study) + 1}
          {hasDates && date !== "" && <span> · {dateWords(date)}</span>}
        </h3>
        {series.map((each) => (
          <Fragment key={each.uid}>
            <h4 className={styles.series}>{seriesWords(each)}</h4>
            <ul>{each.images.map(item)}</ul>
          </Fragment>
        ))}
      </Fragment>
    );
  });
}
