/** Longest names, by KFP's words for the fields (`backend/src/apiserver/validation/length.go`). */
import { invalidInput } from '../store/service-error.ts';

const LIMITS = {
  'Experiment.Name': 128,
  'Pipeline.Name': 128,
  'PipelineVersion.Name': 127,
  'Experiment.Namespace': 63,
  'Pipeline.Namespace': 63
} as const;

/** Throw the server's sentence for a text that is too long; lengths count characters. */
export function checkLength(field: keyof typeof LIMITS, text: string): void {
  const limit = LIMITS[field];
  if ([...text].length > limit) {
    throw invalidInput(`${field} length cannot exceed ${limit}`);
  }
}

const MAX_TAGS = 20;
const MAX_TAG_TEXT = 63;

/** Check the tags of a pipeline or version. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags);
  if (entries.length > MAX_TAGS) {
    throw invalidInput(
      `number of tags (${entries.length}) exceeds maximum of ${MAX_TAGS} per entity`
    );
  }
  for (const [key, value] of entries) {
    if (key === '') {
      throw invalidInput('tag key cannot be empty');
    }
    if (key.includes('.')) {
      throw invalidInput(`tag key "${key}" must not contain '.' character`);
    }
    if ([...key].length > MAX_TAG_TEXT) {
      throw invalidInput(
        `tag key "${key}" exceeds maximum length of ${MAX_TAG_TEXT} characters`
      );
    }
    if ([...value].length > MAX_TAG_TEXT) {
      throw invalidInput(
        `tag value "${value}" for key "${key}" exceeds maximum length of ${MAX_TAG_TEXT} characters`
      );
    }
  }
}
