/** Messages that clients send, field by field (`backend/api/v2beta1/*.proto`, `backend/api/v1beta1/*.proto`). */
import type { FieldType, MessageSpec } from './protojson.ts';

const PACKAGE = 'kubeflow.pipelines.backend.api.v2beta1';
const STRING_MAP: FieldType = { map: 'string' };

const STATUS: FieldType = {
  message: {
    name: 'google.rpc.Status',
    fields: { code: 'int32', message: 'string', details: { list: 'struct' } }
  }
};

export const RUNTIME_STATES: Readonly<Record<string, number>> = {
  RUNTIME_STATE_UNSPECIFIED: 0,
  PENDING: 1,
  RUNNING: 2,
  SUCCEEDED: 3,
  SKIPPED: 4,
  FAILED: 5,
  CANCELING: 6,
  CANCELED: 7,
  PAUSED: 8
};

const STORAGE_STATE: FieldType = {
  enum: { STORAGE_STATE_UNSPECIFIED: 0, AVAILABLE: 1, ARCHIVED: 2 }
};

const VERSION_REFERENCE: FieldType = {
  message: {
    name: `${PACKAGE}.PipelineVersionReference`,
    fields: { pipeline_id: 'string', pipeline_version_id: 'string' }
  }
};

const RUNTIME_CONFIG: FieldType = {
  message: {
    name: `${PACKAGE}.RuntimeConfig`,
    fields: { parameters: { map: 'value' }, pipeline_root: 'string' }
  }
};

const STATE_HISTORY: FieldType = {
  list: {
    message: {
      name: `${PACKAGE}.RuntimeStatus`,
      fields: {
        update_time: 'timestamp',
        state: { enum: RUNTIME_STATES },
        error: STATUS
      }
    }
  }
};

export const EXPERIMENT: MessageSpec = {
  name: `${PACKAGE}.Experiment`,
  fields: {
    experiment_id: 'string',
    display_name: 'string',
    description: 'string',
    created_at: 'timestamp',
    namespace: 'string',
    storage_state: STORAGE_STATE,
    last_run_created_at: 'timestamp'
  }
};

export const PIPELINE: MessageSpec = {
  name: `${PACKAGE}.Pipeline`,
  fields: {
    pipeline_id: 'string',
    display_name: 'string',
    name: 'string',
    description: 'string',
    created_at: 'timestamp',
    namespace: 'string',
    error: STATUS,
    tags: STRING_MAP
  }
};

export const PIPELINE_VERSION: MessageSpec = {
  name: `${PACKAGE}.PipelineVersion`,
  fields: {
    pipeline_id: 'string',
    pipeline_version_id: 'string',
    display_name: 'string',
    name: 'string',
    description: 'string',
    created_at: 'timestamp',
    package_url: {
      message: { name: `${PACKAGE}.Url`, fields: { pipeline_url: 'string' } }
    },
    code_source_url: 'string',
    pipeline_spec: 'struct',
    error: STATUS,
    tags: STRING_MAP
  }
};

export const CREATE_PIPELINE_AND_VERSION: MessageSpec = {
  name: `${PACKAGE}.CreatePipelineAndVersionRequest`,
  fields: {
    pipeline: { message: PIPELINE },
    pipeline_version: { message: PIPELINE_VERSION }
  }
};

export const RUN: MessageSpec = {
  name: `${PACKAGE}.Run`,
  oneofs: {
    pipeline_source: [
      'pipeline_version_id',
      'pipeline_spec',
      'pipeline_version_reference'
    ]
  },
  fields: {
    experiment_id: 'string',
    run_id: 'string',
    display_name: 'string',
    storage_state: STORAGE_STATE,
    description: 'string',
    pipeline_version_id: 'string',
    pipeline_spec: 'struct',
    pipeline_version_reference: VERSION_REFERENCE,
    runtime_config: RUNTIME_CONFIG,
    service_account: 'string',
    created_at: 'timestamp',
    scheduled_at: 'timestamp',
    finished_at: 'timestamp',
    state: { enum: RUNTIME_STATES },
    error: STATUS,
    run_details: 'struct',
    recurring_run_id: 'string',
    state_history: STATE_HISTORY,
    plugins_input: { map: 'struct' },
    plugins_output: { map: 'struct' }
  }
};

/** Shared by both APIs. */
export const TRIGGER: MessageSpec = {
  name: `${PACKAGE}.Trigger`,
  oneofs: { trigger: ['cron_schedule', 'periodic_schedule'] },
  fields: {
    cron_schedule: {
      message: {
        name: `${PACKAGE}.CronSchedule`,
        fields: {
          start_time: 'timestamp',
          end_time: 'timestamp',
          cron: 'string'
        }
      }
    },
    periodic_schedule: {
      message: {
        name: `${PACKAGE}.PeriodicSchedule`,
        fields: {
          start_time: 'timestamp',
          end_time: 'timestamp',
          interval_second: 'int64'
        }
      }
    }
  }
};

export const RECURRING_RUN: MessageSpec = {
  name: `${PACKAGE}.RecurringRun`,
  oneofs: {
    pipeline_source: [
      'pipeline_version_id',
      'pipeline_spec',
      'pipeline_version_reference'
    ]
  },
  fields: {
    recurring_run_id: 'string',
    display_name: 'string',
    description: 'string',
    pipeline_version_id: 'string',
    pipeline_spec: 'struct',
    pipeline_version_reference: VERSION_REFERENCE,
    runtime_config: RUNTIME_CONFIG,
    service_account: 'string',
    max_concurrency: 'int64',
    trigger: { message: TRIGGER },
    mode: { enum: { MODE_UNSPECIFIED: 0, ENABLE: 1, DISABLE: 2 } },
    created_at: 'timestamp',
    updated_at: 'timestamp',
    status: { enum: { STATUS_UNSPECIFIED: 0, ENABLED: 1, DISABLED: 2 } },
    error: STATUS,
    no_catchup: 'bool',
    namespace: 'string',
    experiment_id: 'string',
    plugins_input: { map: 'struct' }
  }
};

const LIST_OF_NUMBERS = (type: 'int32' | 'int64'): FieldType => ({
  message: { name: 'Values', fields: { values: { list: type } } }
});

function filterSpec(operationField: string): MessageSpec {
  return {
    name: `${PACKAGE}.Filter`,
    fields: {
      predicates: {
        list: {
          message: {
            name: `${PACKAGE}.Predicate`,
            oneofs: {
              value: [
                'int_value',
                'long_value',
                'string_value',
                'timestamp_value',
                'int_values',
                'long_values',
                'string_values'
              ]
            },
            fields: {
              [operationField]: {
                enum: {
                  OPERATION_UNSPECIFIED: 0,
                  UNKNOWN: 0,
                  EQUALS: 1,
                  NOT_EQUALS: 2,
                  GREATER_THAN: 3,
                  GREATER_THAN_EQUALS: 5,
                  LESS_THAN: 6,
                  LESS_THAN_EQUALS: 7,
                  IN: 8,
                  IS_SUBSTRING: 9
                }
              },
              key: 'string',
              int_value: 'int32',
              long_value: 'int64',
              string_value: 'string',
              timestamp_value: 'timestamp',
              int_values: LIST_OF_NUMBERS('int32'),
              long_values: LIST_OF_NUMBERS('int64'),
              string_values: {
                message: {
                  name: 'StringValues',
                  fields: { values: { list: 'string' } }
                }
              }
            }
          }
        }
      }
    }
  };
}

/** Filters by API version: v1beta1 calls the operation `op`. */
export const FILTERS = {
  v1: filterSpec('op'),
  v2: filterSpec('operation')
} as const;
