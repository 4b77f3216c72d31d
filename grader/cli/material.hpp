#pragma once

#include "checks/check.hpp"
#include "grader/dossier/build.hpp"
#include "grader/report/report.hpp"

namespace grader::cli {

/// What the dossier is made from: the findings and the grade of `report`, and names and places of
/// the model behind it. `facts` has to outlive the material.
dossier::Material material_of(const checks::Facts& facts, const report::Report& report);

}  // namespace grader::cli
