package dev.vitrine.lens.method;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.IntegratedGradients;
import dev.vitrine.lens.attribution.Quadrature;
import dev.vitrine.lens.attribution.SmoothGradient;
import dev.vitrine.lens.attribution.gradient.ClassActivationMap;
import dev.vitrine.lens.attribution.gradient.DeepLift;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.attribution.gradient.GuidedGradCam;
import dev.vitrine.lens.attribution.gradient.LayerwiseRelevance;
import dev.vitrine.lens.model.label.NearMisses;
import dev.vitrine.lens.perturbation.AblationCam;
import dev.vitrine.lens.perturbation.DetectorRise;
import dev.vitrine.lens.perturbation.ExtremalPerturbation;
import dev.vitrine.lens.perturbation.FeatureAblation;
import dev.vitrine.lens.perturbation.KernelShap;
import dev.vitrine.lens.perturbation.Lime;
import dev.vitrine.lens.perturbation.Occlusion;
import dev.vitrine.lens.perturbation.ReciproCam;
import dev.vitrine.lens.perturbation.Rise;
import dev.vitrine.lens.perturbation.ScoreCam;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/** The list of methods. To add one, write its record and add its line. */
public final class Attributions {
    /**
     * What people may set; each method reads what applies to it, and what is left empty is the method's own default.
     *
     * @param layer of the class activation maps; the last one before the head where left out
     * @param steps of integrated gradients
     * @param samples noisy copies of SmoothGrad; masks or coalitions of the perturbation methods
     */
    public record Options(
            Optional<String> layer,
            int steps,
            Quadrature quadrature,
            Optional<Baseline> baseline,
            OptionalInt samples,
            double noise,
            long seed,
            Perturbations perturbations) {
        public static final Options DEFAULT = new Options(
                Optional.empty(),
                50,
                Quadrature.GAUSS_LEGENDRE,
                Optional.empty(),
                OptionalInt.empty(),
                0.15,
                0,
                Perturbations.DEFAULT);

        public Options withLayer(String newLayer) {
            return new Options(Optional.of(newLayer), steps, quadrature, baseline, samples, noise, seed, perturbations);
        }

        public Options withSteps(int newSteps) {
            return new Options(layer, newSteps, quadrature, baseline, samples, noise, seed, perturbations);
        }

        public Options withQuadrature(Quadrature newQuadrature) {
            return new Options(layer, steps, newQuadrature, baseline, samples, noise, seed, perturbations);
        }

        public Options withBaseline(Baseline newBaseline) {
            return new Options(layer, steps, quadrature, Optional.of(newBaseline), samples, noise, seed, perturbations);
        }

        public Options withSamples(int newSamples) {
            return new Options(
                    layer, steps, quadrature, baseline, OptionalInt.of(newSamples), noise, seed, perturbations);
        }

        public Options withNoise(double newNoise) {
            return new Options(layer, steps, quadrature, baseline, samples, newNoise, seed, perturbations);
        }

        public Options withSeed(long newSeed) {
            return new Options(layer, steps, quadrature, baseline, samples, noise, newSeed, perturbations);
        }

        public Options withPerturbations(Perturbations newPerturbations) {
            return new Options(layer, steps, quadrature, baseline, samples, noise, seed, newPerturbations);
        }
    }

    /**
     * What people may set of the methods that change the picture.
     *
     * @param window side of the square that occlusion covers, in pixels of the network's input
     * @param stride of that square
     * @param superpixels parts that a picture is cut into, about
     * @param cells of a mask's grid along each side
     * @param keep probability that a cell of a mask stays
     * @param area share of the picture that a mask keeps
     * @param iterations of a mask's search
     * @param shape of what occlusion covers
     * @param measure of what occlusion says
     */
    public record Perturbations(
            OptionalInt window,
            OptionalInt stride,
            OptionalInt superpixels,
            OptionalInt cells,
            OptionalDouble keep,
            OptionalDouble area,
            OptionalInt iterations,
            Occlusion.Shape shape,
            Occlusion.Measure measure) {
        public static final Perturbations DEFAULT = new Perturbations(
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                Occlusion.Shape.SQUARE,
                Occlusion.Measure.DROP);
    }

    /**
     * A method in the list.
     *
     * @param title for people
     * @param answers the question it answers, in one sentence
     */
    public record Entry(String id, String title, String answers, Function<Options, Attribution> make) {}

    public static final List<Entry> ALL = List.of(
            gradient(Gradient.Kind.PLAIN, "Gradient", "In which direction would each pixel move the score?"),
            gradient(
                    Gradient.Kind.SALIENCY, "Saliency", "Which pixels, changed a little, would change the score most?"),
            gradient(
                    Gradient.Kind.TIMES_INPUT,
                    "Input × gradient",
                    "How much does each pixel add to the score, if the network were linear?"),
            smooth(
                    SmoothGradient.Moment.MEAN,
                    "SmoothGrad",
                    "Which pixels matter on average over slightly noisy copies of the picture?"),
            smooth(
                    SmoothGradient.Moment.SQUARE,
                    "SmoothGrad²",
                    "Where are slopes large on average over noisy copies, whatever their sign?"),
            smooth(
                    SmoothGradient.Moment.VARIANCE,
                    "VarGrad",
                    "Where do slopes vary most between noisy copies of the picture?"),
            new Entry(
                    "integrated-gradients",
                    "Integrated gradients",
                    "How much of the score does each pixel add on the way from the baseline to the picture?",
                    o -> new IntegratedGradients(
                            o.steps(), o.quadrature(), o.baseline().orElse(Baseline.BLACK))),
            gradient(
                    Gradient.Kind.GUIDED,
                    "Guided backpropagation",
                    "Which fine structures drive the score upwards through every rectifier?"),
            gradient(
                    Gradient.Kind.DECONVNET,
                    "Deconvnet",
                    "What picture do the network's own features draw when run backwards?"),
            cam(ClassActivationMap.Variant.GRAD, "Grad-CAM", "Which regions hold the evidence for the class?"),
            cam(
                    ClassActivationMap.Variant.GRAD_PLUS_PLUS,
                    "Grad-CAM++",
                    "Which regions hold evidence, when the object occurs several times?"),
            cam(
                    ClassActivationMap.Variant.X_GRAD,
                    "XGrad-CAM",
                    "Which regions hold the evidence, with maps weighted by their share in the score?"),
            cam(
                    ClassActivationMap.Variant.HI_RES,
                    "HiResCAM",
                    "At which places do activation and slope agree that there is evidence?"),
            cam(ClassActivationMap.Variant.LAYER, "LayerCAM", "Which places push the score up, at any layer?"),
            cam(
                    ClassActivationMap.Variant.EIGEN,
                    "Eigen-CAM",
                    "What does the layer mostly look at, whatever the class?"),
            cam(
                    ClassActivationMap.Variant.CAM,
                    "CAM",
                    "Which regions make up the class score, exactly, behind average pooling?"),
            new Entry(
                    "guided-grad-cam",
                    "Guided Grad-CAM",
                    "Which fine structures inside the evidence drive the score?",
                    o -> new GuidedGradCam(o.layer())),
            relevance(LayerwiseRelevance.Preset.EPSILON, "LRP-ε", "How does the score flow back to the pixels?"),
            relevance(
                    LayerwiseRelevance.Preset.GAMMA,
                    "LRP-γ",
                    "How does the score flow back, with positive evidence favoured?"),
            relevance(
                    LayerwiseRelevance.Preset.Z_PLUS, "LRP-z⁺", "How does positive evidence flow back to the pixels?"),
            relevance(
                    LayerwiseRelevance.Preset.ALPHA_BETA,
                    "LRP-α2β1",
                    "How do evidence for and against the class flow back to the pixels?"),
            relevance(
                    LayerwiseRelevance.Preset.Z_BOX,
                    "LRP-z^B",
                    "How does positive evidence flow back, within the range that pixels can have?"),
            relevance(
                    LayerwiseRelevance.Preset.EPSILON_PLUS,
                    "LRP ε-plus",
                    "Where is the evidence: a composite of rules fit for each kind of layer?"),
            relevance(
                    LayerwiseRelevance.Preset.EPSILON_GAMMA_BOX,
                    "LRP ε-γ-box",
                    "Where is the evidence, in fine detail: a composite with the pixels' range at the first layer?"),
            new Entry(
                    "deep-lift",
                    "DeepLIFT",
                    "How much of the change of score from the baseline does each pixel explain?",
                    o -> new DeepLift(o.baseline().orElse(Baseline.BLACK))),
            new Entry(
                    "occlusion",
                    "Occlusion",
                    "How much does the score fall when a part of the picture is covered?",
                    o -> new Occlusion(
                            o.perturbations().window(),
                            o.perturbations().stride(),
                            o.baseline().orElse(Baseline.GREY),
                            o.perturbations().shape(),
                            o.perturbations().measure())),
            new Entry(
                    "rise",
                    "RISE",
                    "Which regions raise the score on average, whenever a random mask keeps them?",
                    o -> new Rise(
                            o.samples().orElse(Rise.SAMPLES),
                            o.perturbations().cells().orElse(Rise.CELLS),
                            o.perturbations().keep().orElse(Rise.KEEP),
                            o.baseline().orElse(Baseline.ZERO),
                            o.seed())),
            new Entry(
                    "d-rise",
                    "D-RISE",
                    "Which regions does a detector need, to find this box of this class?",
                    o -> new DetectorRise(
                            o.samples().orElse(DetectorRise.SAMPLES),
                            o.perturbations().cells().orElse(DetectorRise.CELLS),
                            o.perturbations().keep().orElse(DetectorRise.KEEP),
                            o.baseline().orElse(Baseline.ZERO),
                            o.seed())),
            new Entry(
                    "feature-ablation",
                    "Feature ablation",
                    "How much does the score drop when one part of the picture is taken away?",
                    o -> new FeatureAblation(
                            o.perturbations().superpixels().orElse(FeatureAblation.SUPERPIXELS),
                            o.baseline().orElse(Baseline.GREY))),
            new Entry(
                    "lime",
                    "LIME",
                    "Which parts of the picture does a linear model of its surroundings count for or against?",
                    o -> new Lime(
                            o.samples().orElse(Lime.SAMPLES),
                            o.perturbations().superpixels().orElse(Lime.SUPERPIXELS),
                            o.baseline().orElse(Baseline.GREY),
                            o.seed())),
            new Entry(
                    "kernel-shap",
                    "KernelSHAP",
                    "How is the change of score shared out fairly among the parts of the picture?",
                    o -> new KernelShap(
                            o.samples().orElse(KernelShap.SAMPLES),
                            o.perturbations().superpixels().orElse(KernelShap.SUPERPIXELS),
                            o.baseline().orElse(Baseline.GREY),
                            o.seed())),
            new Entry(
                    "score-cam",
                    "Score-CAM",
                    "Which regions hold the evidence, with maps weighted by the score of what they show?",
                    o -> new ScoreCam(o.layer(), o.baseline().orElse(Baseline.ZERO))),
            new Entry(
                    "ablation-cam",
                    "Ablation-CAM",
                    "Which regions hold the evidence, with maps weighted by the drop of score without them?",
                    o -> new AblationCam(o.layer())),
            new Entry(
                    "recipro-cam",
                    "Recipro-CAM",
                    "How well does each place of a layer alone make the score?",
                    o -> new ReciproCam(o.layer())),
            new Entry(
                    "extremal-perturbation",
                    "Extremal perturbation",
                    "Which part of a given size keeps the score highest when all else is blurred?",
                    o -> new ExtremalPerturbation(
                            o.perturbations().area().orElse(ExtremalPerturbation.AREA),
                            o.perturbations().iterations().orElse(ExtremalPerturbation.ITERATIONS),
                            o.baseline().orElse(Baseline.BLUR))));

    private Attributions() {}

    private static Entry gradient(Gradient.Kind kind, String title, String answers) {
        return new Entry(new Gradient(kind).id(), title, answers, o -> new Gradient(kind));
    }

    private static Entry smooth(SmoothGradient.Moment moment, String title, String answers) {
        return new Entry(
                new SmoothGradient(moment).id(),
                title,
                answers,
                o -> new SmoothGradient(moment, o.samples().orElse(SmoothGradient.SAMPLES), o.noise(), o.seed()));
    }

    private static Entry cam(ClassActivationMap.Variant variant, String title, String answers) {
        return new Entry(
                new ClassActivationMap(variant, Optional.empty()).id(),
                title,
                answers,
                o -> new ClassActivationMap(variant, o.layer()));
    }

    private static Entry relevance(LayerwiseRelevance.Preset preset, String title, String answers) {
        return new Entry(new LayerwiseRelevance(preset).id(), title, answers, o -> new LayerwiseRelevance(preset));
    }

    /** The method of an id, or a usage error with near misses. */
    public static Entry find(String id) {
        String wanted = id.trim().toLowerCase(Locale.ROOT).replace('_', '-');
        List<String> ids = ALL.stream().map(Entry::id).toList();
        if (ids.contains(wanted)) {
            return ALL.get(ids.indexOf(wanted));
        }
        Set<String> near = new LinkedHashSet<>(NearMisses.of(wanted, ids, 3));
        ids.stream()
                .filter(known ->
                        wanted.length() > 2 && known.contains(wanted) || wanted.length() > 5 && wanted.contains(known))
                .forEach(near::add);
        throw VitrineException.usage("No method '" + id + "'. "
                + (near.isEmpty() ? "There are: " : "Did you mean " + String.join(" or ", near) + "? There are: ")
                + String.join(", ", ids) + ".");
    }
}
