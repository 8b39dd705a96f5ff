package dev.vitrine.lens.method;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.EmptyMaps;
import dev.vitrine.lens.attribution.Explanation;
import dev.vitrine.lens.attribution.LayerAttribution;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.perturbation.Occlusion;
import dev.vitrine.lens.session.ModelSession;
import java.util.List;

/**
 * The attribution of preprocessed inputs: tensors in, tensors out.
 *
 * @param given a batch, or one sample without the axis of a batch
 * @param batch the same as a batch
 * @param targets {@code i64[N]}
 */
public record TensorExplanation(
        Model model, Attribution method, Objective objective, Tensor given, Tensor batch, Tensor targets) {
    /**
     * @param attribution {@link Attribution.Form#PIXELS} in the shape given, maps {@code f32[N,1,…]}, occlusion
     *     {@code f32[rows,columns]} of one sample, else {@code f32[N,rows,columns]}
     * @param notes on maps that are zero everywhere
     */
    public record Result(Tensor attribution, List<String> notes) {}

    public Result of(ModelSession session, Progress progress) {
        Explanation explanation = session.explainer(method, objective).explain(batch, targets, progress);
        List<String> notes = new EmptyMaps(session, method, objective)
                .noted(batch, targets, explanation).notes().stream()
                        .flatMap(List::stream)
                        .filter(EmptyMaps::isNote)
                        .distinct()
                        .toList();
        return new Result(shaped(explanation.attribution()), notes);
    }

    private Tensor shaped(Tensor result) {
        if (method.form() == Attribution.Form.PIXELS) {
            return result.reshape(given.shape());
        }
        if (method instanceof LayerAttribution layered && !model.takesPictures()) {
            long[] maps = model.graph().types().get(layered.maps(model).value()).shape();
            maps[0] = result.dimension(0);
            maps[1] = 1;
            return result.reshape(maps);
        }
        long[] shape = result.shape();
        if (!(method instanceof Occlusion)) {
            return result;
        }
        return shape[0] == 1 ? result.reshape(shape[2], shape[3]) : result.reshape(shape[0], shape[2], shape[3]);
    }
}
