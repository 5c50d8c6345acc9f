import { expect, it } from "vitest";

import { formsFor, reportAddress } from "./report-forms";

it("offers what belongs into a study for DICOM files alone", () => {
  expect(formsFor("dicom").map(({ format }) => format)).toEqual([
    "sr",
    "seg",
    "sc",
    "dicom-pdf",
    "fhir",
    "json",
  ]);
  expect(formsFor("jpeg").map(({ format }) => format)).toEqual(["fhir", "json"]);
});

it("requests the report of the displayed reading: models, operating point, force and rotation", () => {
  expect(reportAddress("pdf", { models: [], operatingPoint: null, isForced: false, isTurned: false })).toBe(
    "/report?format=pdf&language=en",
  );
  expect(
    reportAddress("sr", {
      models: ["four", "pneumonia"],
      operatingPoint: "sensitivity:0.98",
      isForced: true,
      isTurned: true,
    }),
  ).toBe(
    "/report?format=sr&language=en&model=four&model=pneumonia&operating_point=sensitivity%3A0.98&force=true&orient=auto",
  );
});
