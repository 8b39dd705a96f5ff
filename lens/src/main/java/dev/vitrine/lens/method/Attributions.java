package dev.vitrine.lens.method;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.IntegratedGradients;
import dev.vitrine.lens.attribution.SmoothGradient;
import dev.vitrine.lens.attribution.gradient.ClassActivationMap;
import dev.vitrine.lens.attribution.gradient.DeepLift;
import dev.vitrine.lens.attribution.gradient.DeepLiftShap;
import dev.vitrine.lens.attribution.gradient.FinerCam;
import dev.vitrine.lens.attribution.gradient.FullGrad;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.attribution.gradient.GuidedGradCam;
import dev.vitrine.lens.attribution.gradient.LayerwiseRelevance;
import dev.vitrine.lens.attribution.path.BlurIntegratedGradients;
import dev.vitrine.lens.attribution.path.ExpectedGradients;
import dev.vitrine.lens.attribution.path.GuidedIntegratedGradients;
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
import dev.vitrine.lens.setting.SettingValues;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The list of methods. To add one, write its record, add its line and its page in {@code docs/methods}. */
public final class Attributions {
    /**
     * A method in the list.
     *
     * @param family the family it belongs to
     * @param title for people
     * @param answers the question it answers, in one sentence
     * @param standard the method with the standard values of its settings
     */
    public record Entry(Family family, String title, String answers, Attribution standard) {
        public String id() {
            return standard.id();
        }

        /** The method with the given settings. */
        public Attribution with(SettingValues values) {
            return values.on(id(), standard);
        }
    }

    public static final List<Entry> ALL = List.of(
            gradient(Gradient.Kind.PLAIN, "Gradient", "In which direction would each pixel move the score?"),
            gradient(
                    Gradient.Kind.SALIENCY, "Saliency", "Which pixels, changed a little, would change the score most?"),
            gradient(
                    Gradient.Kind.TIMES_INPUT,
                    "Input × gradient",
                    "How much would each pixel add to the score if the network were linear?"),
            smooth(
                    SmoothGradient.Moment.MEAN,
                    "SmoothGrad",
                    "Which pixels matter on average over slightly noisy copies of the picture?"),
            smooth(
                    SmoothGradient.Moment.SQUARE,
                    "SmoothGrad²",
                    "Where are gradients large on average over noisy copies, regardless of sign?"),
            smooth(
                    SmoothGradient.Moment.VARIANCE,
                    "VarGrad",
                    "Where do gradients vary most between noisy copies of the picture?"),
            new Entry(
                    Family.BASELINES,
                    "Integrated gradients",
                    "How much does each pixel contribute along the path from the baseline to the picture?",
                    new IntegratedGradients()),
            new Entry(
                    Family.BASELINES,
                    "Expected gradients",
                    "How much does each pixel contribute, averaged over paths from many baselines?",
                    new ExpectedGradients()),
            new Entry(
                    Family.BASELINES,
                    "Blur integrated gradients",
                    "How much does each pixel contribute as the picture is gradually deblurred?",
                    new BlurIntegratedGradients()),
            new Entry(
                    Family.BASELINES,
                    "Guided integrated gradients",
                    "How much does each pixel contribute along a path that avoids steep gradients?",
                    new GuidedIntegratedGradients()),
            gradient(
                    Gradient.Kind.GUIDED,
                    "Guided backpropagation",
                    "Which fine structures drive the score upwards through every rectifier?"),
            gradient(
                    Gradient.Kind.DECONVNET,
                    "Deconvnet",
                    "What picture do the network's features draw when projected back to the input?"),
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
                    "Where do activation and gradient agree that there is evidence?"),
            cam(
                    ClassActivationMap.Variant.ELEMENT_WISE,
                    "Grad-CAM element-wise",
                    "Where does any channel hold evidence, even if other channels oppose it?"),
            cam(ClassActivationMap.Variant.LAYER, "LayerCAM", "Which places push the score up, at any layer?"),
            cam(
                    ClassActivationMap.Variant.EIGEN,
                    "Eigen-CAM",
                    "What does the layer respond to most, regardless of the class?"),
            cam(
                    ClassActivationMap.Variant.CAM,
                    "CAM",
                    "Which regions make up the class score, exactly, behind average pooling?"),
            new Entry(
                    Family.REGIONS,
                    "Finer-CAM",
                    "Which regions distinguish the class from the most similar classes?",
                    new FinerCam()),
            new Entry(
                    Family.GRADIENTS,
                    "FullGrad",
                    "Which places contribute to the score, through the pixels and through all biases?",
                    new FullGrad()),
            new Entry(
                    Family.BACKPROPAGATION,
                    "Guided Grad-CAM",
                    "Which fine structures inside the evidence drive the score?",
                    new GuidedGradCam(Optional.empty())),
            new Entry(
                    Family.RELEVANCE,
                    "LRP-ε",
                    "How does the score flow back to the pixels?",
                    new LayerwiseRelevance.Epsilon()),
            new Entry(
                    Family.RELEVANCE,
                    "LRP-γ",
                    "How does the score flow back, with positive evidence favored?",
                    new LayerwiseRelevance.Gamma()),
            new Entry(
                    Family.RELEVANCE,
                    "LRP-z⁺",
                    "How does positive evidence flow back to the pixels?",
                    new LayerwiseRelevance.ZPlus()),
            new Entry(
                    Family.RELEVANCE,
                    "LRP-α2β1",
                    "How do evidence for and against the class flow back to the pixels?",
                    new LayerwiseRelevance.AlphaBeta()),
            new Entry(
                    Family.RELEVANCE,
                    "LRP-z^B",
                    "How does positive evidence flow back, given the valid range of pixel values?",
                    new LayerwiseRelevance.ZBox()),
            new Entry(
                    Family.RELEVANCE,
                    "LRP ε-plus",
                    "Where is the evidence, using the rule suited to each kind of layer?",
                    new LayerwiseRelevance.EpsilonPlus()),
            new Entry(
                    Family.RELEVANCE,
                    "LRP ε-plus-flat",
                    "Which regions hold the evidence, regardless of the pixel values?",
                    new LayerwiseRelevance.EpsilonPlusFlat()),
            new Entry(
                    Family.RELEVANCE,
                    "LRP-w²",
                    "Where is the evidence, with pixels weighted by the first layer's squared weights?",
                    new LayerwiseRelevance.WSquare()),
            new Entry(
                    Family.RELEVANCE,
                    "LRP ε-γ-box",
                    "Where is the evidence in fine detail, given the valid range of pixel values?",
                    new LayerwiseRelevance.EpsilonGammaBox()),
            new Entry(
                    Family.BASELINES,
                    "DeepLIFT",
                    "How much of the score difference from the baseline does each pixel explain?",
                    new DeepLift(Baseline.BLACK)),
            new Entry(
                    Family.BASELINES,
                    "DeepLIFT SHAP",
                    "How much of the score difference from the mean of many baselines does each pixel explain?",
                    new DeepLiftShap()),
            new Entry(
                    Family.PERTURBATION,
                    "Occlusion",
                    "How much does the score drop when part of the picture is covered?",
                    new Occlusion()),
            new Entry(
                    Family.PERTURBATION,
                    "RISE",
                    "Which regions raise the score on average when a random mask keeps them?",
                    new Rise()),
            new Entry(
                    Family.PERTURBATION,
                    "D-RISE",
                    "Which regions does a detector need to find this box of this class?",
                    new DetectorRise()),
            new Entry(
                    Family.PERTURBATION,
                    "Feature ablation",
                    "How much does the score drop when one superpixel is removed?",
                    new FeatureAblation()),
            new Entry(
                    Family.PERTURBATION,
                    "LIME",
                    "Which superpixels count for or against the class in a local linear model?",
                    new Lime()),
            new Entry(
                    Family.PERTURBATION,
                    "KernelSHAP",
                    "How is the score difference distributed fairly among the superpixels?",
                    new KernelShap()),
            new Entry(
                    Family.REGIONS,
                    "Score-CAM",
                    "Which regions hold the evidence, with maps weighted by the score of what they show?",
                    new ScoreCam(Optional.empty(), Baseline.ZERO)),
            new Entry(
                    Family.REGIONS,
                    "Ablation-CAM",
                    "Which regions hold the evidence, with maps weighted by the score drop without them?",
                    new AblationCam(Optional.empty())),
            new Entry(
                    Family.REGIONS,
                    "Recipro-CAM",
                    "How much of the score does each position of a layer produce on its own?",
                    new ReciproCam(Optional.empty())),
            new Entry(
                    Family.PERTURBATION,
                    "Extremal perturbation",
                    "Which region of a given size keeps the score highest when the rest is blurred?",
                    new ExtremalPerturbation()));

    private Attributions() {}

    private static Entry gradient(Gradient.Kind kind, String title, String answers) {
        return new Entry(
                switch (kind) {
                    case PLAIN, SALIENCY, TIMES_INPUT -> Family.GRADIENTS;
                    case GUIDED, DECONVNET -> Family.BACKPROPAGATION;
                },
                title,
                answers,
                new Gradient(kind));
    }

    private static Entry smooth(SmoothGradient.Moment moment, String title, String answers) {
        return new Entry(Family.GRADIENTS, title, answers, new SmoothGradient(moment));
    }

    private static Entry cam(ClassActivationMap.Variant variant, String title, String answers) {
        return new Entry(Family.REGIONS, title, answers, new ClassActivationMap(variant, Optional.empty()));
    }

    /** The family of a method, if it is in the list. */
    public static Optional<Family> family(String id) {
        return ALL.stream()
                .filter(entry -> entry.id().equals(id))
                .map(Entry::family)
                .findFirst();
    }

    /** The method with an id; otherwise a usage error that suggests similar ids. */
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
