import { componentSources } from './component-sources';

const pipeline = (container: object): string =>
  JSON.stringify({
    pipelineInfo: { name: 'p' },
    schemaVersion: '2.1.0',
    components: { 'comp-say': { executorLabel: 'exec-say' } },
    deploymentSpec: { executors: { 'exec-say': { container } } },
    root: {
      dag: {
        tasks: {
          say: {
            taskInfo: { name: 'say' },
            componentRef: { name: 'comp-say' }
          }
        }
      }
    }
  });

describe('componentSources', () => {
  it('shows the command of a container, a word a line', () => {
    expect(
      componentSources(
        pipeline({ image: 'alpine', command: ['sh', '-c'], args: ['echo hi'] })
      )
    ).toEqual([
      { name: 'say', image: 'alpine', packages: [], text: 'sh\n-c\necho hi' }
    ]);
  });

  it('has nothing to show of a workflow of KFP 1', () => {
    expect(
      componentSources('apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n')
    ).toEqual([]);
  });
});
