/** Messages of v1beta1 requests, field by field (`backend/api/v1beta1/*.proto`). */
import { TRIGGER } from '../messages.ts';
import type { FieldType, MessageSpec } from '../protojson.ts';

const PACKAGE = 'api';

export const RESOURCE_TYPES: Readonly<Record<string, number>> = {
  UNKNOWN_RESOURCE_TYPE: 0,
  EXPERIMENT: 1,
  JOB: 2,
  PIPELINE: 3,
  PIPELINE_VERSION: 4,
  NAMESPACE: 5
};

const REFERENCES: FieldType = {
  list: {
    message: {
      name: `${PACKAGE}.ResourceReference`,
      fields: {
        key: {
          message: {
            name: `${PACKAGE}.ResourceKey`,
            fields: { type: { enum: RESOURCE_TYPES }, id: 'string' }
          }
        },
        name: 'string',
        relationship: {
          enum: { UNKNOWN_RELATIONSHIP: 0, OWNER: 1, CREATOR: 2 }
        }
      }
    }
  }
};

const PARAMETERS: FieldType = {
  list: {
    message: {
      name: `${PACKAGE}.Parameter`,
      fields: { name: 'string', value: 'string' }
    }
  }
};

const URL_MESSAGE: FieldType = {
  message: { name: `${PACKAGE}.Url`, fields: { pipeline_url: 'string' } }
};

const PIPELINE_SPEC: FieldType = {
  message: {
    name: `${PACKAGE}.PipelineSpec`,
    fields: {
      pipeline_id: 'string',
      pipeline_name: 'string',
      workflow_manifest: 'string',
      pipeline_manifest: 'string',
      parameters: PARAMETERS,
      runtime_config: {
        message: {
          name: `${PACKAGE}.PipelineSpec.RuntimeConfig`,
          fields: { parameters: { map: 'value' }, pipeline_root: 'string' }
        }
      }
    }
  }
};

const METRICS: FieldType = {
  list: {
    message: {
      name: `${PACKAGE}.RunMetric`,
      fields: {
        name: 'string',
        node_id: 'string',
        number_value: 'double',
        format: { enum: { UNSPECIFIED: 0, RAW: 1, PERCENTAGE: 2 } }
      }
    }
  }
};

export const EXPERIMENT_V1: MessageSpec = {
  name: `${PACKAGE}.Experiment`,
  fields: {
    id: 'string',
    name: 'string',
    description: 'string',
    created_at: 'timestamp',
    resource_references: REFERENCES,
    storage_state: {
      enum: {
        STORAGESTATE_UNSPECIFIED: 0,
        STORAGESTATE_AVAILABLE: 1,
        STORAGESTATE_ARCHIVED: 2
      }
    }
  }
};

export const VERSION_V1: MessageSpec = {
  name: `${PACKAGE}.PipelineVersion`,
  fields: {
    id: 'string',
    name: 'string',
    created_at: 'timestamp',
    parameters: PARAMETERS,
    code_source_url: 'string',
    package_url: URL_MESSAGE,
    resource_references: REFERENCES,
    description: 'string'
  }
};

export const PIPELINE_V1: MessageSpec = {
  name: `${PACKAGE}.Pipeline`,
  fields: {
    id: 'string',
    created_at: 'timestamp',
    name: 'string',
    description: 'string',
    parameters: PARAMETERS,
    url: URL_MESSAGE,
    error: 'string',
    default_version: { message: VERSION_V1 },
    resource_references: REFERENCES
  }
};

export const RUN_V1: MessageSpec = {
  name: `${PACKAGE}.Run`,
  fields: {
    id: 'string',
    name: 'string',
    storage_state: {
      enum: { STORAGESTATE_AVAILABLE: 0, STORAGESTATE_ARCHIVED: 1 }
    },
    description: 'string',
    pipeline_spec: PIPELINE_SPEC,
    resource_references: REFERENCES,
    service_account: 'string',
    created_at: 'timestamp',
    scheduled_at: 'timestamp',
    finished_at: 'timestamp',
    status: 'string',
    error: 'string',
    metrics: METRICS
  }
};

export const JOB_V1: MessageSpec = {
  name: `${PACKAGE}.Job`,
  fields: {
    id: 'string',
    name: 'string',
    description: 'string',
    pipeline_spec: PIPELINE_SPEC,
    resource_references: REFERENCES,
    service_account: 'string',
    max_concurrency: 'int64',
    trigger: { message: TRIGGER },
    mode: { enum: { UNKNOWN_MODE: 0, ENABLED: 1, DISABLED: 2 } },
    created_at: 'timestamp',
    updated_at: 'timestamp',
    status: 'string',
    error: 'string',
    enabled: 'bool',
    no_catchup: 'bool'
  }
};

export const REPORT_METRICS: MessageSpec = {
  name: `${PACKAGE}.ReportRunMetricsRequest`,
  fields: { run_id: 'string', metrics: METRICS }
};
