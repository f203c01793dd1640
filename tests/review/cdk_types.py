"""An app with each type of custom resource that aws-cdk-lib itself makes: none of them carries a sending policy."""

from typing import Any

import aws_cdk as cdk
from aws_cdk import (
    aws_cloudfront,
    aws_cognito,
    aws_dynamodb,
    aws_ec2,
    aws_ecr,
    aws_eks,
    aws_elasticsearch,
    aws_events,
    aws_events_targets,
    aws_glue,
    aws_iam,
    aws_lambda,
    aws_logs,
    aws_opensearchservice,
    aws_route53,
    aws_s3,
    aws_s3_deployment,
    aws_s3_notifications,
    aws_sns,
    aws_sqs,
    aws_synthetics,
    custom_resources,
    triggers,
)

GONE = cdk.RemovalPolicy.DESTROY
HERE = cdk.Environment(account="111111111111", region="eu-west-1")


def add_storage(stack: cdk.Stack) -> None:
    """Add buckets, repositories, tables and domains."""
    bucket = aws_s3.Bucket(stack, "Bucket", removal_policy=GONE, auto_delete_objects=True)
    topic = aws_s3_notifications.SnsDestination(aws_sns.Topic(stack, "Topic"))
    bucket.add_event_notification(aws_s3.EventType.OBJECT_CREATED, topic)
    source = aws_s3_deployment.Source.json_data("a.json", {"Action": "ses:*"})
    aws_s3_deployment.BucketDeployment(stack, "Files", destination_bucket=bucket, sources=[source])
    aws_ecr.Repository(stack, "Images", removal_policy=GONE, auto_delete_images=True)
    key = aws_dynamodb.Attribute(name="id", type=aws_dynamodb.AttributeType.STRING)
    aws_dynamodb.Table(stack, "Table", partition_key=key, replication_regions=["eu-central-1"])
    statement = aws_iam.PolicyStatement(
        actions=["es:ESHttp*"], principals=[aws_iam.AccountPrincipal("111111111111")], resources=["*"]
    )
    aws_opensearchservice.Domain(
        stack,
        "OpenSearch",
        version=aws_opensearchservice.EngineVersion.OPENSEARCH_2_3,
        access_policies=[statement],
        logging=aws_opensearchservice.LoggingOptions(app_log_enabled=True),
        use_unsigned_basic_auth=True,
    )
    aws_elasticsearch.Domain(
        stack,
        "Elasticsearch",
        version=aws_elasticsearch.ElasticsearchVersion.V7_10,
        access_policies=[statement],
        logging=aws_elasticsearch.LoggingOptions(app_log_enabled=True),
    )
    columns = [aws_glue.Column(name=name, type=aws_glue.Schema.STRING) for name in "ab"]
    aws_glue.S3Table(
        stack,
        "Glue",
        database=aws_glue.Database(stack, "Database"),
        columns=columns[:1],
        partition_keys=columns[1:],
        data_format=aws_glue.DataFormat.JSON,
        partition_indexes=[aws_glue.PartitionIndex(key_names=["b"], index_name="b")],
    )


def add_network(stack: cdk.Stack) -> aws_ec2.Vpc:
    """Add a network, zones, user pools and clusters."""
    network = aws_ec2.Vpc(stack, "Vpc", restrict_default_security_group=True)
    parent = aws_route53.PublicHostedZone(stack, "Zone", zone_name="example.com")
    role = aws_iam.Role.from_role_arn(stack, "Delegating", "arn:aws:iam::222222222222:role/delegating")
    aws_route53.CrossAccountZoneDelegationRecord(
        stack, "Delegation", delegated_zone=parent, parent_hosted_zone_name="example.org", delegation_role=role
    )
    aws_route53.ARecord(
        stack,
        "Record",
        zone=parent,
        target=aws_route53.RecordTarget.from_ip_addresses("192.0.2.1"),
        delete_existing=True,
    )
    pool = aws_cognito.UserPool(stack, "Pool")
    client = pool.add_client("Client", generate_secret=True)
    cdk.CfnOutput(stack, "Secret", value=client.user_pool_client_secret.unsafe_unwrap())
    domain = pool.add_domain("Domain", cognito_domain=aws_cognito.CognitoDomainOptions(domain_prefix="example"))
    cdk.CfnOutput(stack, "Front", value=domain.cloud_front_domain_name)
    return network


def add_clusters(stack: cdk.Stack, network: aws_ec2.Vpc) -> None:
    """Add a cluster with everything that can be added to one."""
    layer = aws_lambda.LayerVersion.from_layer_version_arn(
        stack, "Kubectl", "arn:aws:lambda:eu-west-1:111111111111:layer:kubectl:1"
    )
    cluster: Any = aws_eks.Cluster(
        stack, "Cluster", vpc=network, version=aws_eks.KubernetesVersion.V1_31, kubectl_layer=layer
    )
    cluster.add_helm_chart("Chart", chart="chart", values={"policy": {"Effect": "x", "Action": ["s3:Get*"]}})
    cluster.add_manifest("Manifest", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "ses"}})
    cluster.add_fargate_profile("Profile", selectors=[aws_eks.Selector(namespace="default")])
    cluster.add_service_account("Account")
    aws_eks.KubernetesPatch(
        stack, "Patch", cluster=cluster, resource_name="a", apply_patch={"a": "b"}, restore_patch={"a": "c"}
    )
    aws_eks.KubernetesObjectValue(
        stack, "Value", cluster=cluster, object_name="a", object_type="service", json_path=".spec"
    )
    aws_iam.OpenIdConnectProvider(stack, "Oidc", url="https://example.com")


def add_code(stack: cdk.Stack) -> None:
    """Add functions, canaries and logs."""
    handler = aws_lambda.Function(
        stack,
        "Function",
        runtime=aws_lambda.Runtime.PYTHON_3_13,
        handler="index.f",
        code=aws_lambda.Code.from_inline("def f(*_): pass"),
        log_retention=aws_logs.RetentionDays.ONE_DAY,
    )
    triggers.Trigger(stack, "Trigger", handler=handler)
    aws_cloudfront.experimental.EdgeFunction(
        stack,
        "Edge",
        runtime=aws_lambda.Runtime.PYTHON_3_13,
        handler="index.f",
        code=aws_lambda.Code.from_inline("def f(*_): pass"),
    )
    aws_synthetics.Canary(
        stack,
        "Canary",
        runtime=aws_synthetics.Runtime.SYNTHETICS_NODEJS_PUPPETEER_9_1,
        test=aws_synthetics.Test.custom(code=aws_synthetics.Code.from_inline("//"), handler="index.handler"),
        cleanup=aws_synthetics.Cleanup.LAMBDA,
    )
    pattern = aws_events.EventPattern(source=["aws.ses"])
    log_group = aws_events_targets.CloudWatchLogGroup(aws_logs.LogGroup(stack, "Log"))
    aws_events.Rule(stack, "Rule", event_pattern=pattern, targets=[log_group])


def add_calls(stack: cdk.Stack, other: cdk.Stack) -> None:
    """Add SDK calls, JSON, and references from one stack to another."""
    cdk.CfnJson(stack, "Json", value={aws_sqs.Queue(stack, "Queue").queue_name: "ses:FromAddress"})
    zones = cdk.Fn.get_azs()
    cdk.CfnOutput(stack, "Text", value=stack.to_json_string({"zones": zones, "first": cdk.Fn.select(0, zones)}))
    cdk.CfnOutput(stack, "Far", value=aws_sqs.Queue(other, "Queue").queue_arn)
    call = custom_resources.AwsSdkCall(
        service="S3",
        action="putBucketPolicy",
        parameters={"Bucket": "b", "Policy": '{"Statement": [{"Effect": "Allow", "Action": "*"}]}'},
        physical_resource_id=custom_resources.PhysicalResourceId.of("b"),
    )
    permissions = custom_resources.AwsCustomResourcePolicy.from_sdk_calls(resources=["*"])
    custom_resources.AwsCustomResource(stack, "Same", on_create=call, policy=permissions, install_latest_aws_sdk=False)
    custom_resources.AwsCustomResource(
        stack, "Call", on_create=call, policy=permissions, install_latest_aws_sdk=False, resource_type="Custom::Bucket"
    )


app = cdk.App(builtin_cloud_formation_validation=False)
there = cdk.Stack(
    app, "There", env=cdk.Environment(account="111111111111", region="us-west-2"), cross_region_references=True
)
here = cdk.Stack(app, "Here", env=HERE, cross_region_references=True)
add_storage(here)
add_clusters(here, add_network(here))
add_code(here)
add_calls(here, there)
app.synth()
