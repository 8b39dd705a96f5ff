package dev.vitrine.app.explanation;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.LayerAttribution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import java.util.Optional;

/** Why a map is zero everywhere, where it is: an empty picture says nothing by itself. */
final class ZeroMap {
    private ZeroMap() {}

    /**
     * @param score what was explained
     */
    static Optional<String> reason(
            Attribution method, Tensor attribution, Model model, Objective objective, float score) {
        for (float value : attribution.toFloats()) {
            if (value != 0) {
                return Optional.empty();
            }
        }
        String what = objective.description();
        if (!objective.takesTarget() && score == 0) {
            return Optional.of("The map is zero everywhere: " + what
                    + " is 0 on this picture, and what is silent behind a rectifier has no slope.");
        }
        if (method instanceof LayerAttribution) {
            return Optional.of("The map is zero everywhere: no place of the layer '"
                    + method.optionsOn(model).get("layer") + "' speaks for the " + what
                    + " at this picture; its maps, weighted, are nowhere above 0.");
        }
        return Optional.of(
                "The map is zero everywhere: by this method no part of this picture changes the " + what + ".");
    }
}
