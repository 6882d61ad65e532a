# SPDX-License-Identifier: GPL-2.0-or-later
# trustlab: simulated pairs of Unified CM clusters, their trust lists, stores and phones, for tests.
# It must not use common/: it is a second opinion on the formats, so that it can disagree with the product.
# Facts: the format notes of the project (published Cisco listings and the usecallmanager project).
