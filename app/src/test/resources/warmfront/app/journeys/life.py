"""The life of a distribution by boto3; prints a line for each step.

Arguments: the API, the origin's port.
"""
import sys

import boto3

endpoint, port = sys.argv[1:]
client = boto3.client("cloudfront", endpoint_url=endpoint, region_name="us-east-1")
often = {"Delay": 1, "MaxAttempts": 60}

made = client.create_distribution_with_tags(
    DistributionConfigWithTags={
        "DistributionConfig": {
            "CallerReference": "by python",
            "Comment": "young",
            "Enabled": True,
            "Origins": {
                "Quantity": 1,
                "Items": [
                    {
                        "Id": "o",
                        "DomainName": "origin.localhost",
                        "CustomOriginConfig": {
                            "HTTPPort": int(port),
                            "HTTPSPort": 443,
                            "OriginProtocolPolicy": "http-only",
                        },
                    }
                ],
            },
            "DefaultCacheBehavior": {
                "TargetOriginId": "o",
                "ViewerProtocolPolicy": "allow-all",
                "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
            },
        },
        "Tags": {"Items": [{"Key": "team", "Value": "cdn"}]},
    }
)["Distribution"]
name = made["Id"]
print("made", made["Status"])
client.get_waiter("distribution_deployed").wait(Id=name, WaiterConfig=often)
print("deployed", client.get_distribution(Id=name)["Distribution"]["Status"])

known = client.get_distribution_config(Id=name)
config = known["DistributionConfig"]
older = config | {"Comment": "older"}
updated = client.update_distribution(Id=name, IfMatch=known["ETag"], DistributionConfig=older)
print("updated", config["Comment"], updated["Distribution"]["DistributionConfig"]["Comment"])
try:
    client.update_distribution(Id=name, IfMatch=known["ETag"], DistributionConfig=older)
except client.exceptions.PreconditionFailed as late:
    print("late", late.response["Error"]["Code"])

tags = client.list_tags_for_resource(Resource=made["ARN"])["Tags"]["Items"]
print("tags", ",".join(tag["Key"] + "=" + tag["Value"] for tag in tags))
pages = client.get_paginator("list_distributions").paginate()
listed = [one for page in pages for one in page["DistributionList"].get("Items", [])]
print("listed", ",".join(one["Comment"] for one in listed if one["Id"] == name))

batch = {"CallerReference": "i", "Paths": {"Quantity": 1, "Items": ["/*"]}}
asked = client.create_invalidation(DistributionId=name, InvalidationBatch=batch)["Invalidation"]
client.get_waiter("invalidation_completed").wait(
    DistributionId=name, Id=asked["Id"], WaiterConfig=often
)
print("invalidated")

off = client.update_distribution(
    Id=name, IfMatch=updated["ETag"], DistributionConfig=older | {"Enabled": False}
)
client.get_waiter("distribution_deployed").wait(Id=name, WaiterConfig=often)
client.delete_distribution(Id=name, IfMatch=off["ETag"])
try:
    client.get_distribution(Id=name)
except client.exceptions.NoSuchDistribution as gone:
    print("gone", gone.response["Error"]["Code"])
