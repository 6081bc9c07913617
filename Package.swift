// swift-tools-version: 6.2
// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// Core never imports Shell. Shell never decides. Tools only wire.
enum Layer: String { case core = "Core", shell = "Shell", testing = "Testing" }

func target(_ layer: Layer, _ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Sources/\(layer.rawValue)/\(name)", swiftSettings: strict)
}

func tool(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, path: "Sources/Tools/\(name)", swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(name)Tests", swiftSettings: strict)
}

/// Everything that decides, from addresses to the control plane.
let controllerCore: [Target.Dependency] = [
  "Addressing", "ServiceModel", "PacketHeaders", "OpenFlow", "FailureDetection", "Balancing", "Steering",
  "FlowPipeline", "StaticEntries", "Reconciliation", "ControlPlane",
]

let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioTestUtils = Target.Dependency.product(name: "NIOTestUtils", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "isthmus",
  products: [
    .executable(name: "isthmus", targets: ["isthmus"]),
    .executable(name: "isthmus-controller", targets: ["isthmus-controller"]),
    .executable(name: "isthmus-agent", targets: ["isthmus-agent"]),
    .library(name: "OpenFlow", targets: ["OpenFlow"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
    .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.0"),
    .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.0", traits: []),
    .package(url: "https://github.com/apple/swift-system.git", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.0"),
    .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
  ],
  targets: [
    // Core: pure values. No clock, no I/O, no randomness of its own.
    target(.core, "Addressing"),
    target(.core, "ServiceModel", ["Addressing", heap]),
    target(.core, "PacketHeaders", ["Addressing"]),
    target(.core, "OpenFlow", ["Addressing", nioCore]),
    target(.core, "FailureDetection", ["ServiceModel"]),
    target(.core, "Balancing", ["ServiceModel"]),
    target(.core, "Steering", ["Addressing", "ServiceModel", "FailureDetection"]),
    target(.core, "FlowPipeline", ["Addressing", "ServiceModel", "OpenFlow", "Steering"]),
    target(.core, "StaticEntries", ["Addressing", "FlowPipeline", "OpenFlow", "ServiceModel", nioCore]),
    target(.core, "Reconciliation", ["OpenFlow", "FlowPipeline"]),
    target(.core, "ControlPlane", Array(controllerCore.dropLast())),
    target(.core, "Forwarding", ["Addressing", "FlowPipeline", "OpenFlow", "PacketHeaders", "ServiceModel"]),
    target(.core, "PacketCapture", ["Addressing"]),
    target(.core, "CloudModel", ["Addressing", "ServiceModel"]),
    target(.core, "AgentPlane", ["Addressing", "ServiceModel"]),
    target(
      .core, "DatapathModel",
      ["Addressing", "OpenFlow", "PacketHeaders", "FlowPipeline", "Reconciliation", "ServiceModel"]),

    // Shell: talks to the world, decides nothing.
    .target(name: "CLinux", path: "Sources/Shell/CLinux"),
    target(.shell, "Files"),
    target(
      .shell, "OpenFlowNIO",
      ["Addressing", "Files", "FlowPipeline", "OpenFlow", "Reconciliation", nioCore, nioPosix, nioSSL, logging]),
    target(.shell, "OpenFlowText", ["OpenFlow", "PacketCapture", nioCore]),
    target(.shell, "EntryText", ["Addressing", "OpenFlow", "OpenFlowText", "StaticEntries"]),
    target(.shell, "AgentLink", ["Addressing", "ServiceModel", nioCore, nioPosix, crypto]),
    target(.shell, "Probing", ["Addressing", "ServiceModel", nioCore, nioPosix, nioHTTP1]),
    target(.shell, "ServiceFiles", ["Addressing", "CloudModel", "Files", "ServiceModel", yams]),
    target(.shell, "APIModel"),
    target(
      .shell, "Northbound",
      [
        "APIModel", "Addressing", "ServiceModel", "FailureDetection", "ControlPlane", "EntryText", "OpenFlowText",
        "StaticEntries", hummingbird, hummingbirdCore, nioCore, nioHTTPTypes, httpTypes,
        logging, lifecycle,
      ]),
    target(
      .shell, "Floodlight",
      [
        "APIModel", "Addressing", "ControlPlane", "EntryText", "FlowPipeline", "OpenFlow", "OpenFlowText",
        "StaticEntries", logging,
        nioCore, nioPosix, nioHTTP1,
      ]),
    target(
      .shell, "Southbound",
      [
        "Addressing", "Files", "Floodlight", "FlowPipeline", "OpenFlow", "OpenFlowNIO", "OpenFlowText", "Outbound",
        "Reconciliation", "ServiceModel", "StaticEntries",
      ]),
    target(.shell, "Outbound", ["Files", httpClient, nioCore, nioHTTP1, nioPosix, nioSSL]),
    target(.shell, "Storage", ["Outbound", grdb]),
    target(.shell, "Clouds", ["Addressing", "CloudModel", "Files", "Outbound", "ServiceFiles", "ServiceModel", yams]),
    target(
      .shell, "SharedDocuments",
      [
        "EntryText", "Files", "OpenFlowText", "Outbound", "ServiceFiles", "ServiceModel", "StaticEntries", "Storage",
        crypto,
      ]),
    target(.shell, "Console", ["APIModel"]),
    target(
      .shell, "Controller",
      [
        "APIModel", "Addressing", "CLinux", "Files", "ServiceModel", "OpenFlow", "FlowPipeline", "ControlPlane",
        "Forwarding", "OpenFlowNIO", "AgentLink", "EntryText", "Floodlight", "ServiceFiles", "SharedDocuments",
        "StaticEntries", "Outbound", "Southbound",
        "Storage", "Northbound", nioCore,
        nioPosix, logging, lifecycle,
      ]),
    target(
      .shell, "Metering",
      ["Addressing", "AgentPlane", "CLinux", "Outbound", "ServiceModel", nioCore, nioHTTP1, nioPosix]),
    target(
      .shell, "Agent",
      [
        "Addressing", "CLinux", "Files", "ServiceModel", "AgentPlane", "AgentLink", "Metering", "Probing", nioCore,
        nioPosix, nioHTTP1, logging, lifecycle, subprocess, system,
      ]),

    // Testing: worlds to try things in, simulated and real.
    target(.testing, "Simulation", controllerCore + ["AgentPlane", "DatapathModel"]),
    target(.testing, "LabKit", ["Addressing", "CLinux", "ServiceModel", subprocess, system]),
    target(
      .testing, "Experiments",
      ["APIModel", "FlowPipeline", "LabKit", "OpenFlow", "ServiceModel", "SouthboundLoad"]),
    target(.testing, "DriverLaws", ["Addressing", "FlowPipeline", "OpenFlow", "ServiceModel", "Southbound"]),
    target(
      .testing, "SouthboundLoad",
      ["Addressing", "LabKit", "OpenFlow", "OpenFlowNIO", "ServiceModel", nioCore, nioPosix]),

    .executableTarget(
      name: "storage-trial", dependencies: ["Storage"], path: "Sources/Testing/storage-trial", swiftSettings: strict),

    // Tools: executables.
    tool(
      "isthmus",
      [
        "APIModel", "Addressing", "CloudModel", "Clouds", "Console", "DriverLaws", "EntryText", "Experiments", "Files",
        "LabKit",
        "OpenFlowText", "Outbound", "ServiceFiles", "ServiceModel", "SharedDocuments", "Simulation", "Southbound",
        "StaticEntries", "Storage", "SouthboundLoad", argumentParser, system,
      ]),
    tool(
      "isthmus-controller",
      ["APIModel", "CLinux", "Controller", "ServiceFiles", "Storage", argumentParser, lifecycle, logging, unixSignals]),
    tool(
      "isthmus-agent",
      [
        "APIModel", "Agent", "Addressing", "AgentLink", "CLinux", "Metering", "ServiceModel", argumentParser, lifecycle,
        logging, nioCore,
        nioPosix,
        unixSignals,
      ]),

    tests("CloudModel", ["Addressing", "CloudModel"]),
    tests(
      "Clouds",
      ["Addressing", "CloudModel", "Clouds", "LabKit", "Outbound", "ServiceFiles", "ServiceModel", "isthmus"]),
    tests("PacketHeaders", ["PacketHeaders", "Addressing"]),
    tests("ServiceModel", controllerCore),
    tests("OpenFlow", ["OpenFlow", "Addressing", nioCore]),
    tests("Forwarding", controllerCore + ["DatapathModel", "Forwarding", "Simulation", nioCore]),
    tests("PacketCapture", ["PacketCapture", "Addressing"]),
    tests("FailureDetection", ["FailureDetection", "ServiceModel"]),
    tests("Balancing", ["Balancing", "ServiceModel"]),
    tests("Steering", ["Steering", "FailureDetection", "ServiceModel", "Addressing"]),
    tests("DatapathModel", controllerCore + ["DatapathModel", "Simulation"]),
    tests("FlowPipeline", controllerCore + ["DatapathModel", "Simulation"]),
    tests("Reconciliation", controllerCore + ["DatapathModel", "Simulation"]),
    tests("ControlPlane", controllerCore + ["DatapathModel", "Simulation"]),
    tests("Simulation", ["Simulation"]),
    tests("AgentPlane", ["AgentPlane", "Addressing", "ServiceModel"]),

    tests("OpenFlowText", ["OpenFlowText"]),
    tests(
      "OpenFlowNIO",
      [
        "OpenFlowNIO", "Addressing", "FlowPipeline", "OpenFlow", "Reconciliation", nioCore, nioPosix, nioEmbedded,
        logging,
      ]),
    tests("AgentLink", ["AgentLink", "Addressing", "ServiceModel", nioCore, nioPosix, crypto]),
    tests("Probing", ["Probing", "Addressing", "ServiceModel", nioCore, nioPosix, subprocess]),
    tests(
      "Agent",
      [
        "Agent", "isthmus-agent", "Addressing", "ServiceModel", "AgentPlane", "AgentLink", "Probing", nioCore, nioPosix,
        nioHTTP1, logging, lifecycle, subprocess,
      ]),
    tests("Metering", ["Addressing", "Metering", "Outbound", nioPosix]),
    tests("ServiceFiles", ["ServiceFiles", "ServiceModel", "Addressing"]),
    tests(
      "Floodlight",
      [
        "Addressing", "ControlPlane", "Floodlight", "OpenFlow", "StaticEntries", logging, nioCore, nioHTTP1, nioPosix,
      ]),
    tests(
      "Northbound",
      [
        "APIModel", "Addressing", "Console", "ControlPlane", "Northbound", "OpenFlow", "Outbound", "ServiceModel",
        "StaticEntries", nioCore, nioPosix,
        logging, lifecycle,
      ]),
    tests("Outbound", ["Outbound", nioCore, nioPosix]),
    tests("Storage", ["LabKit", "Outbound", "Storage", "storage-trial", grdb, nioCore, nioPosix]),
    tests(
      "SharedDocuments",
      ["Addressing", "OpenFlow", "ServiceFiles", "ServiceModel", "SharedDocuments", "StaticEntries", "Storage"]),
    tests(
      "Controller",
      [
        "APIModel", "ControlPlane", "Controller", "LabKit", "Northbound", "Outbound", "ServiceFiles", "ServiceModel",
        "SharedDocuments", "Storage", "isthmus", "isthmus-controller", nioCore, nioPosix, logging,
      ]),
    tests("Console", ["APIModel", "Console"]),

    tests(
      "Southbound",
      [
        "Addressing", "DriverLaws", "FlowPipeline", "OpenFlow", "OpenFlowText", "Outbound", "ServiceModel",
        "Southbound",
        "StaticEntries", "Simulation", "Steering", hummingbird, hummingbirdCore, httpTypes, logging, nioCore,
      ]),
    tests("SouthboundLoad", ["SouthboundLoad", "Addressing", "OpenFlow", nioCore]),
    tests("Experiments", ["APIModel", "Experiments", "ServiceModel"]),
    tests("LabKit", ["LabKit", "isthmus", "Addressing", "ServiceModel"]),
    tests(
      "EndToEnd",
      [
        "APIModel", "Experiments", "LabKit", "Addressing", "ServiceModel", "SouthboundLoad", "isthmus",
        "isthmus-controller",
        "isthmus-agent",
      ]),
  ]
)
