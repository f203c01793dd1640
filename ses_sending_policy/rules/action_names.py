"""The names of all actions with the prefix `ses:`, and a check of an action against those that an identity has."""

import re
from typing import Final

from ses_sending_policy.rules.actions import DOCUMENTED_ACTIONS, IDENTITY_ACTIONS, is_identity_action
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.suggestions import closest

# "Actions defined by Amazon SES", by Amazon SES v2, and by its Mail Manager: they share the prefix `ses:`.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonses.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservice-mailmanager.html
_NAMES: Final = """
    AllowVendedLogDeliveryForResource ApplyTrackingConfigurationOverrides AssociateEmailIdentityCertificate
    BatchGetMetricData CancelExportJob CloneReceiptRuleSet CreateAddonInstance CreateAddonSubscription CreateAddressList
    CreateAddressListImportJob CreateArchive CreateConfigurationSet CreateConfigurationSetEventDestination
    CreateConfigurationSetTrackingOptions CreateContact CreateContactList CreateCustomVerificationEmailTemplate
    CreateDedicatedIpPool CreateDeliverabilityTestReport CreateEmailIdentity CreateEmailIdentityPolicy
    CreateEmailTemplate CreateExportJob CreateImportJob CreateIngressPoint CreateMultiRegionEndpoint CreateReceiptFilter
    CreateReceiptRule CreateReceiptRuleSet CreateRelay CreateRuleSet CreateTemplate CreateTenant
    CreateTenantResourceAssociation CreateTrafficPolicy DeleteAddonInstance DeleteAddonSubscription DeleteAddressList
    DeleteArchive DeleteConfigurationSet DeleteConfigurationSetEventDestination DeleteConfigurationSetTrackingOptions
    DeleteContact DeleteContactList DeleteCustomVerificationEmailTemplate DeleteDedicatedIpPool DeleteEmailIdentity
    DeleteEmailIdentityPolicy DeleteEmailTemplate DeleteIdentity DeleteIdentityPolicy DeleteIngressPoint
    DeleteMultiRegionEndpoint DeleteReceiptFilter DeleteReceiptRule DeleteReceiptRuleSet DeleteRelay DeleteRuleSet
    DeleteSuppressedDestination DeleteTemplate DeleteTenant DeleteTenantResourceAssociation DeleteTrafficPolicy
    DeleteVerifiedEmailAddress DeregisterMemberFromAddressList DescribeActiveReceiptRuleSet DescribeConfigurationSet
    DescribeReceiptRule DescribeReceiptRuleSet DisassociateEmailIdentityCertificate GetAccount GetAccountSendingEnabled
    GetAddonInstance GetAddonSubscription GetAddressList GetAddressListImportJob GetArchive GetArchiveExport
    GetArchiveMessage GetArchiveMessageContent GetArchiveSearch GetArchiveSearchResults GetBlacklistReports
    GetConfigurationSet GetConfigurationSetEventDestinations GetContact GetContactList
    GetCustomVerificationEmailTemplate GetDedicatedIp GetDedicatedIpPool GetDedicatedIps
    GetDeliverabilityDashboardOptions GetDeliverabilityTestReport GetDomainDeliverabilityCampaign
    GetDomainStatisticsReport GetEmailAddressInsights GetEmailIdentity GetEmailIdentityPolicies GetEmailTemplate
    GetExportJob GetIdentityDkimAttributes GetIdentityMailFromDomainAttributes GetIdentityNotificationAttributes
    GetIdentityPolicies GetIdentityVerificationAttributes GetImportJob GetIngressPoint GetMemberOfAddressList
    GetMessageInsights GetMultiRegionEndpoint GetRelay GetReputationEntity GetRuleSet GetSendQuota GetSendStatistics
    GetSuppressedDestination GetTemplate GetTenant GetTrafficPolicy ListAddonInstances ListAddonSubscriptions
    ListAddressListImportJobs ListAddressLists ListArchiveExports ListArchiveSearches ListArchives ListConfigurationSets
    ListContactLists ListContacts ListCustomVerificationEmailTemplates ListDedicatedIpPools
    ListDeliverabilityTestReports ListDomainDeliverabilityCampaigns ListEmailIdentities ListEmailIdentityCertificates
    ListEmailTemplates ListExportJobs ListIdentities ListIdentityPolicies ListImportJobs ListIngressPoints
    ListMembersOfAddressList ListMultiRegionEndpoints ListReceiptFilters ListReceiptRuleSets ListRecommendations
    ListRelays ListReputationEntities ListResourceTenants ListRuleSets ListSuppressedDestinations ListTagsForResource
    ListTemplates ListTenantResources ListTenants ListTrafficPolicies ListVerifiedEmailAddresses
    PutAccountDedicatedIpWarmupAttributes PutAccountDetails PutAccountPricingAttributes PutAccountSendingAttributes
    PutAccountSuppressionAttributes PutAccountVdmAttributes PutConfigurationSetArchivingOptions
    PutConfigurationSetDeliveryOptions PutConfigurationSetReputationOptions PutConfigurationSetSendingOptions
    PutConfigurationSetSuppressionOptions PutConfigurationSetTrackingOptions PutConfigurationSetVdmOptions
    PutDedicatedIpInPool PutDedicatedIpPoolScalingAttributes PutDedicatedIpWarmupAttributes
    PutDeliverabilityDashboardOption PutEmailIdentityConfigurationSetAttributes PutEmailIdentityDkimAttributes
    PutEmailIdentityDkimSigningAttributes PutEmailIdentityFeedbackAttributes PutEmailIdentityMailFromAttributes
    PutIdentityPolicy PutSuppressedDestination PutTenantSuppressionAttributes RegisterMemberToAddressList
    ReorderReceiptRuleSet ReplicateEmailIdentityDkimSigningKey SendBounce SendBulkEmail SendBulkTemplatedEmail
    SendCustomVerificationEmail SendEmail SendRawEmail SendTemplatedEmail SetActiveReceiptRuleSet SetIdentityDkimEnabled
    SetIdentityFeedbackForwardingEnabled SetIdentityHeadersInNotificationsEnabled SetIdentityMailFromDomain
    SetIdentityNotificationTopic SetReceiptRulePosition StartAddressListImportJob StartArchiveExport StartArchiveSearch
    StopAddressListImportJob StopArchiveExport StopArchiveSearch TagResource TestRenderEmailTemplate TestRenderTemplate
    UntagResource UpdateAccountSendingEnabled UpdateArchive UpdateConfigurationSet
    UpdateConfigurationSetEventDestination UpdateConfigurationSetReputationMetricsEnabled
    UpdateConfigurationSetSendingEnabled UpdateConfigurationSetTrackingOptions UpdateContact UpdateContactList
    UpdateCustomVerificationEmailTemplate UpdateEmailIdentityPolicy UpdateEmailTemplate UpdateIngressPoint
    UpdateReceiptRule UpdateRelay UpdateReputationEntityCustomerManagedStatus UpdateReputationEntityPolicy UpdateRuleSet
    UpdateTemplate UpdateTrafficPolicy VerifyDomainDkim VerifyDomainIdentity VerifyEmailAddress VerifyEmailIdentity
"""

ACTION_NAMES: Final = tuple(f"ses:{name}" for name in _NAMES.split())


def check_action(text: str) -> str:
    """Return `text`, or raise `DeclarationError` if it matches no action that SES has for an identity.

    >>> check_action("SES:SendEmail")
    'SES:SendEmail'
    """
    if is_identity_action(text):
        return text
    meant = closest(re.split("[:.]", text)[-1], [action.removeprefix("ses:") for action in IDENTITY_ACTIONS])
    hint = f"did you mean 'ses:{meant}'?" if meant else f"use {', '.join(DOCUMENTED_ACTIONS)}"
    raise DeclarationError(f"action {text!r} is none that SES has for an identity: {hint}")
