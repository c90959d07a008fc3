"""
Metrics and dimensions of CloudWatch namespaces, from each service's "CloudWatch metrics" page.

A namespace that is not here, or whose metrics are not all listed, is unknown and gives no finding.
"""

from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


METRICS: Mapping[str, frozenset[str]] = {
    "AWS/ECS": _words(
        "CPUReservation CPUUtilization MemoryReservation MemoryUtilization "
        "EBSFilesystemUtilization "
        "GPUReservation ActiveConnectionCount NewConnectionCount ProcessedBytes RequestCount "
        "GrpcRequestCount HTTPCode_Target_2XX_Count HTTPCode_Target_3XX_Count "
        "HTTPCode_Target_4XX_Count HTTPCode_Target_5XX_Count RequestCountPerTarget "
        "TargetProcessedBytes TargetResponseTime ClientTLSNegotiationErrorCount "
        "TargetTLSNegotiationErrorCount"
    ),
    "ECS/ContainerInsights": _words(
        "ContainerInstanceCount CpuUtilized CpuReserved DeploymentCount DesiredTaskCount "
        "EBSFilesystemSize EBSFilesystemUtilized EphemeralStorageReserved "
        "EphemeralStorageUtilized MemoryUtilized MemoryReserved NetworkRxBytes NetworkTxBytes "
        "PendingTaskCount RestartCount RunningTaskCount ServiceCount StorageReadBytes "
        "StorageWriteBytes TaskCount TaskSetCount TaskCpuUtilization TaskMemoryUtilization "
        "TaskEphemeralStorageUtilization TaskEBSFilesystemUtilization ContainerCpuReserved "
        "ContainerCpuUtilized ContainerCpuUtilization ContainerMemoryReserved "
        "ContainerMemoryUtilized ContainerMemoryUtilization ContainerNetworkRxBytes "
        "ContainerNetworkTxBytes ContainerStorageReadBytes ContainerStorageWriteBytes "
        "UnHealthyContainerHealthStatus InstanceOSFilesystemUtilization "
        "instance_cpu_limit instance_cpu_reserved_capacity instance_cpu_usage_total "
        "instance_cpu_utilization instance_filesystem_utilization instance_memory_limit "
        "instance_memory_reserved_capacity instance_memory_utilization "
        "instance_memory_working_set instance_network_total_bytes instance_number_of_running_tasks "
        "GPUReserved GPUUtilized"
    ),
    "AWS/SQS": _words(
        "ApproximateAgeOfOldestMessage ApproximateNumberOfMessagesDelayed "
        "ApproximateNumberOfMessagesNotVisible ApproximateNumberOfMessagesVisible "
        "ApproximateNumberOfGroupsWithInflightMessages NumberOfEmptyReceives "
        "NumberOfMessagesDeleted "
        "NumberOfMessagesReceived NumberOfMessagesSent SentMessageSize "
        "NumberOfDeduplicatedSentMessages ApproximateNumberOfNoisyGroups "
        "ApproximateNumberOfMessagesVisibleInQuietGroups "
        "ApproximateNumberOfMessagesNotVisibleInQuietGroups "
        "ApproximateNumberOfMessagesDelayedInQuietGroups ApproximateAgeOfOldestMessageInQuietGroups"
    ),
    "AWS/SNS": _words(
        "NumberOfMessagesPublished NumberOfNotificationsDelivered NumberOfNotificationsFailed "
        "NumberOfNotificationsFilteredOut NumberOfNotificationsFilteredOut-InvalidAttributes "
        "NumberOfNotificationsFilteredOut-NoMessageAttributes "
        "NumberOfNotificationsFilteredOut-MessageAttributes "
        "NumberOfNotificationsFilteredOut-MessageBody "
        "NumberOfNotificationsFilteredOut-InvalidMessageBody NumberOfNotificationsRedrivenToDlq "
        "NumberOfNotificationsFailedToRedriveToDlq PublishSize SMSMonthToDateSpentUSD "
        "SMSSuccessRate"
    ),
    "AWS/Events": _words(
        "DeadLetterInvocations Events FailedInvocations Invocations InvocationAttempts "
        "InvocationsCreated InvocationsFailedToBeSentToDlq InvocationsSentToDlq "
        "IngestionToInvocationStartLatency IngestionToInvocationCompleteLatency "
        "IngestionToInvocationSuccessLatency MatchedEvents RetryInvocationAttempts "
        "SuccessfulInvocationAttempts ThrottledRules TriggeredRules PutEventsApproximateCallCount "
        "PutEventsApproximateSuccessCount PutEventsApproximateFailedCount "
        "PutEventsApproximateThrottledCount PutEventsEntriesCount PutEventsFailedEntriesCount "
        "PutEventsLatency PutEventsRequestSize PutPartnerEventsApproximateCallCount"
    ),
    "AWS/States": _words(
        "ExecutionTime ExecutionThrottled ExecutionsAborted ExecutionsFailed ExecutionsStarted "
        "ExecutionsSucceeded ExecutionsTimedOut ExecutionsRedriven RedrivenExecutionsAborted "
        "RedrivenExecutionsFailed RedrivenExecutionsSucceeded RedrivenExecutionsTimedOut "
        "ExpressExecutionMemory ExpressExecutionBilledDuration ExpressExecutionBilledMemory "
        "ActivityRunTime ActivityScheduleTime ActivityTime ActivitiesFailed "
        "ActivitiesHeartbeatTimedOut ActivitiesScheduled ActivitiesStarted ActivitiesSucceeded "
        "ActivitiesTimedOut LambdaFunctionRunTime LambdaFunctionScheduleTime LambdaFunctionTime "
        "LambdaFunctionsFailed LambdaFunctionsScheduled LambdaFunctionsStarted "
        "LambdaFunctionsSucceeded LambdaFunctionsTimedOut ServiceIntegrationRunTime "
        "ServiceIntegrationScheduleTime ServiceIntegrationTime ServiceIntegrationsFailed "
        "ServiceIntegrationsScheduled ServiceIntegrationsStarted ServiceIntegrationsSucceeded "
        "ServiceIntegrationsTimedOut ThrottledEvents ProvisionedBucketSize ProvisionedRefillRate "
        "ConsumedCapacity OpenExecutionCount OpenExecutionLimit OpenMapRunCount OpenMapRunLimit "
        "ApproximateOpenMapRunCount ApproximateMapRunBacklogSize StateTransition"
    ),
    "AWS/Lambda": _words(
        "Invocations Errors DeadLetterErrors DestinationDeliveryFailures Throttles "
        "OversizedRecordCount ProvisionedConcurrencyInvocations "
        "ProvisionedConcurrencySpilloverInvocations RecursiveInvocationsDropped Duration "
        "PostRuntimeExtensionsDuration IteratorAge OffsetLag ConcurrentExecutions "
        "ProvisionedConcurrentExecutions ProvisionedConcurrencyUtilization "
        "UnreservedConcurrentExecutions ClaimedAccountConcurrency AsyncEventsReceived "
        "AsyncEventAge "
        "AsyncEventsDropped PolledEventCount FilteredOutEventCount InvokedEventCount "
        "FailedInvokeEventCount DroppedEventCount OnFailureDestinationDeliveredEventCount "
        "DeletedEventCount CommittedEventCount ProvisionedPollers EventSourceThrottles "
        "SignalFailure EventPollerUnit SandboxRSSBytes"
    ),
    "AWS/Logs": _words(
        "CallCount DeliveryErrors DeliveryThrottling EMFParsingErrors EMFValidationErrors "
        "ErrorCount "
        "ForwardedBytes ForwardedLogEvents IncomingBytes IncomingLogEvents LogEventsWithFindings "
        "ThrottleCount TransformedBytes TransformedLogEvents TransformationErrors"
    ),
}
"""Namespaces and all their metrics."""

DIMENSIONS: Mapping[str, frozenset[str]] = {
    "AWS/ECS": _words(
        "ClusterName ServiceName DiscoveryName TargetDiscoveryName VolumeName TaskId ContainerName"
    ),
    "AWS/SQS": _words("QueueName"),
    "AWS/SNS": _words("TopicName Application Platform Country SMSType"),
    "AWS/Events": _words(
        "RuleName EventBusName EventSourceName Operation DetailType Source TargetType Target"
    ),
    "AWS/States": _words(
        "StateMachineArn ActivityArn LambdaFunctionArn ServiceIntegrationResourceArn APIName "
        "ServiceMetric StateMachineName Alias Version Resource"
    ),
    "AWS/Lambda": _words(
        "FunctionName Resource ExecutedVersion EventSourceMappingUUID FunctionUrl SnapStart"
    ),
}
"""Namespaces and the names that a dimension of them can have."""

ONLY_WHEN_SOMETHING_HAPPENS: Mapping[str, frozenset[str]] = {
    "AWS/Lambda": _words("Invocations"),
    "AWS/Events": _words("Invocations TriggeredRules MatchedEvents"),
    "AWS/States": _words("ExecutionsStarted ExecutionsSucceeded"),
    "AWS/SNS": _words("NumberOfMessagesPublished"),
}
"""Counts that have no datum at all, not even 0, while nothing happens."""
