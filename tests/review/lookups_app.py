"""An app that needs every lookup of the CDK."""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_ssm as ssm

app = cdk.App(outdir="cdk.out")
stack = cdk.Stack(app, "Mail", env=cdk.Environment(account="111111111111", region="eu-west-1"))
vpc = ec2.Vpc.from_lookup(stack, "Vpc", vpc_name="mail")
services = ec2.InterfaceVpcEndpointService("com.amazonaws.vpce.eu-west-1.vpce-svc-1")
ec2.InterfaceVpcEndpoint(stack, "Endpoint", vpc=vpc, service=services, lookup_supported_azs=True)
cdk.CfnOutput(stack, "Zones", value=",".join(stack.availability_zones))
cdk.CfnOutput(stack, "Image", value=ec2.MachineImage.lookup(name="mail").get_image(stack).image_id)
cdk.CfnOutput(stack, "Partner", value=ssm.StringParameter.value_from_lookup(stack, "/mail/partner"))
elb.ApplicationLoadBalancer.from_lookup(stack, "Balancer", load_balancer_tags={"of": "mail"})
elb.ApplicationListener.from_lookup(stack, "Listener", load_balancer_tags={"of": "mail"})
ec2.SecurityGroup.from_lookup_by_name(stack, "Group", "mail", vpc)
kms.Key.from_lookup(stack, "Key", alias_name="alias/mail")
route53.HostedZone.from_lookup(stack, "Zone", domain_name="example.com")
iam.Role.from_lookup(stack, "Role", role_name="Mail")
app.synth()
