// The life of a distribution by the AWS SDK for JavaScript; prints a line for each step.
// Arguments: the folder of packages, the API, the origin's port.
import { createRequire } from 'node:module'
import process from 'node:process'

const [folder, endpoint, port] = process.argv.slice(2)
const sdk = createRequire(folder + '/')('@aws-sdk/client-cloudfront')
const client = new sdk.CloudFrontClient({ endpoint, region: 'us-east-1' })
const send = (name, input) => client.send(new sdk[name + 'Command'](input))
const limit = { client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }

const made = await send('CreateDistributionWithTags', {
  DistributionConfigWithTags: {
    DistributionConfig: {
      CallerReference: 'by javascript',
      Comment: 'young',
      Enabled: true,
      Origins: {
        Quantity: 1,
        Items: [{
          Id: 'o',
          DomainName: 'origin.localhost',
          CustomOriginConfig: { HTTPPort: Number(port), HTTPSPort: 443, OriginProtocolPolicy: 'http-only' }
        }]
      },
      DefaultCacheBehavior: {
        TargetOriginId: 'o',
        ViewerProtocolPolicy: 'allow-all',
        CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6'
      }
    },
    Tags: { Items: [{ Key: 'team', Value: 'cdn' }] }
  }
})
const { Id, ARN } = made.Distribution
console.log('made ' + made.Distribution.Status)
await sdk.waitUntilDistributionDeployed(limit, { Id })
console.log('deployed ' + (await send('GetDistribution', { Id })).Distribution.Status)

const { ETag, DistributionConfig } = await send('GetDistributionConfig', { Id })
const older = { ...DistributionConfig, Comment: 'older' }
const updated = await send('UpdateDistribution', { Id, IfMatch: ETag, DistributionConfig: older })
console.log('updated ' + DistributionConfig.Comment + ' ' + updated.Distribution.DistributionConfig.Comment)
const late = await send('UpdateDistribution', { Id, IfMatch: ETag, DistributionConfig: older }).catch(e => e)
console.log('late ' + late.name)

const tags = await send('ListTagsForResource', { Resource: ARN })
console.log('tags ' + tags.Tags.Items.map(tag => tag.Key + '=' + tag.Value))
const listed = []
for await (const page of sdk.paginateListDistributions({ client }, {})) listed.push(...page.DistributionList.Items)
console.log('listed ' + listed.filter(one => one.Id === Id).map(one => one.Comment))

const { Invalidation } = await send('CreateInvalidation', {
  DistributionId: Id,
  InvalidationBatch: { CallerReference: 'i', Paths: { Quantity: 1, Items: ['/*'] } }
})
await sdk.waitUntilInvalidationCompleted(limit, { DistributionId: Id, Id: Invalidation.Id })
console.log('invalidated')

const off = await send('UpdateDistribution', {
  Id, IfMatch: updated.ETag, DistributionConfig: { ...older, Enabled: false }
})
await sdk.waitUntilDistributionDeployed(limit, { Id })
await send('DeleteDistribution', { Id, IfMatch: off.ETag })
const gone = await send('GetDistribution', { Id }).catch(e => e)
console.log('gone ' + gone.name)
