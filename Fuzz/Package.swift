// swift-tools-version: 6.2
// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// A package of its own: a fuzzer brings its own `main`, and everything in it is built with the fuzzer's instruments.
/// `scripts/fuzz` builds and runs it.
let package = Package(
  name: "isthmus-fuzz",
  dependencies: [
    .package(name: "isthmus", path: ".."),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
  ],
  targets: [
    .executableTarget(
      name: "OpenFlowFuzz",
      dependencies: [
        .product(name: "OpenFlow", package: "isthmus"), .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: [.swiftLanguageMode(.v6), .unsafeFlags(["-parse-as-library"])])
  ]
)
