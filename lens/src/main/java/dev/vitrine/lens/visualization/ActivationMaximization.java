package dev.vitrine.lens.visualization;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelAtSize;
import dev.vitrine.lens.model.anatomy.Anatomy;
import dev.vitrine.lens.objective.Diversity;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.WeightedSum;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import dev.vitrine.lens.visualization.optimization.Adam;
import dev.vitrine.lens.visualization.optimization.Ascent;
import dev.vitrine.lens.visualization.optimization.Course;
import dev.vitrine.lens.visualization.optimization.Optimizer;
import dev.vitrine.lens.visualization.optimization.PictureLoss;
import dev.vitrine.lens.visualization.optimization.Problem;
import dev.vitrine.lens.visualization.optimization.Search;
import dev.vitrine.lens.visualization.parametrization.Parametrization;
import dev.vitrine.lens.visualization.parametrization.Views;
import dev.vitrine.lens.visualization.penalty.Penalty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * argmax over pictures of score − Σ penalties: the picture that a unit or class responds to most. Erhan et al. 2009;
 * Simonyan et al. 2013, arXiv:1312.6034; Olah et al. 2017, doi:10.23915/distill.00007.
 *
 * @param width of the pictures; 0 for the network's own size
 * @param height of the pictures; 0 for the network's own size
 * @param images number made at a time, kept different by {@code diversity}
 * @param diversity weight of {@link Diversity} beside the objective
 */
public record ActivationMaximization(
        int width,
        int height,

        @Setting(least = 1, meaning = "pictures per target, kept different from each other")
        int images,

        @Setting(label = "W", least = 0, meaning = "weight of the diversity of several pictures")
        double diversity,

        @Setting(least = 1, meaning = Synthesis.STEPS, otherwise = "the form's own")
        int steps,

        Optimizer optimizer,
        Parametrization parametrization,
        Views views,
        List<Penalty> penalties,
        Tidying tidying,
        Start start) {
    /** Spectrum, decorrelated colors, random transformations, 512 steps of Adam, as in Olah et al. */
    public static final ActivationMaximization MODERN = new ActivationMaximization(
            0,
            0,
            1,
            1,
            512,
            new Adam(0.05),
            Parametrization.FOURIER,
            Views.USUAL,
            List.of(),
            Tidying.NONE,
            Start.NOISE);

    /** Pixels, decay and blur, 500 steps of plain ascent, as in Yosinski et al. */
    public static final ActivationMaximization CLASSIC = new ActivationMaximization(
            0,
            0,
            1,
            1,
            500,
            new Ascent(0.01),
            Parametrization.PIXELS,
            Views.NONE,
            List.of(),
            new Tidying(0.0001, 1, 4, 0, 0),
            Start.NOISE);

    public ActivationMaximization {
        penalties = List.copyOf(penalties);
        Settings.require(
                ActivationMaximization.class,
                width,
                height,
                images,
                diversity,
                steps,
                optimizer,
                parametrization,
                views,
                penalties,
                tidying,
                start);
        if (width < 0 || height < 0) {
            throw new IllegalArgumentException(width + "x" + height + " pixels: expected 0 or more each way");
        }
        if (!tidying.equals(Tidying.NONE) && !parametrization.equals(Parametrization.PIXELS)) {
            throw new IllegalArgumentException("decay, blur and clipping are for pixels, not for a spectrum");
        }
    }

    public ActivationMaximization withSize(int newWidth, int newHeight) {
        return new ActivationMaximization(
                newWidth,
                newHeight,
                images,
                diversity,
                steps,
                optimizer,
                parametrization,
                views,
                penalties,
                tidying,
                start);
    }

    public ActivationMaximization withSteps(int newSteps) {
        return new ActivationMaximization(
                width,
                height,
                images,
                diversity,
                newSteps,
                optimizer,
                parametrization,
                views,
                penalties,
                tidying,
                start);
    }

    public ActivationMaximization withImages(int newImages, double newDiversity) {
        return new ActivationMaximization(
                width,
                height,
                newImages,
                newDiversity,
                steps,
                optimizer,
                parametrization,
                views,
                penalties,
                tidying,
                start);
    }

    public ActivationMaximization withStart(Start newStart) {
        return new ActivationMaximization(
                width,
                height,
                images,
                diversity,
                steps,
                optimizer,
                parametrization,
                views,
                penalties,
                tidying,
                newStart);
    }

    /** The hyper-parameters by name. */
    public Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("steps", Integer.toString(steps));
        options.put("optimizer", optimizer.label());
        options.put("parametrization", parametrization.label());
        options.put("views", views.label());
        if (images > 1) {
            options.put("images", Integer.toString(images));
            options.put("diversity", Double.toString(diversity));
        }
        if (!penalties.isEmpty()) {
            options.put("penalties", penalties.stream().map(Penalty::label).collect(Collectors.joining(", ")));
        }
        if (!tidying.equals(Tidying.NONE)) {
            options.putAll(tidying.options());
        }
        return options;
    }

    /** Builds the graph for an objective and opens it; the caller closes it. */
    public Maximizer on(ModelSession session, Objective objective) {
        Model own = session.model();
        Model model = ModelAtSize.of(
                own,
                width > 0 ? width : own.preprocessing().width(),
                height > 0 ? height : own.preprocessing().height(),
                objective.layers());
        Objective whole = objective;
        if (images > 1 && diversity > 0) {
            Anatomy layers = model.anatomy();
            Value layer = objective.layers().stream()
                    .filter(layers::isSpatial)
                    .findFirst()
                    .orElseGet(layers::lastSpatial);
            whole = new WeightedSum(
                    List.of(new WeightedSum.Term(1, objective), new WeightedSum.Term(diversity, new Diversity(layer))));
        }
        int batch = model.batch().isFixed() ? (int) model.batch().size() : images;
        if (batch < images) {
            throw VitrineException.usage("Model '" + model.name() + "' runs " + batch
                    + " pictures at a time, as it was exported; expected a model with an open batch for " + images
                    + " images.");
        }
        return new Maximizer(
                this, new Problem(model, batch, parametrization, views, whole, penalties).open(session.runner()));
    }

    /** The method on one model for one objective, opened. */
    public static final class Maximizer implements AutoCloseable {
        private final ActivationMaximization method;
        private final PictureLoss loss;

        private Maximizer(ActivationMaximization method, PictureLoss loss) {
            this.method = method;
            this.loss = loss;
        }

        public Synthesis run(long seed, Progress progress) {
            return run(seed, Search.Watch.NONE, progress);
        }

        public Synthesis run(long seed, Search.Watch watch, Progress progress) {
            SplittableRandom random = new SplittableRandom(seed);
            Problem problem = loss.problem();
            float[] parameters = method.start().parameters(problem, random);
            Course course = new Search(method.optimizer(), method.steps())
                    .run(loss, parameters, random, method.tidying().upkeep(problem.shape()), watch, progress);
            PictureLoss.Answer last = loss.at(parameters, loss.straight(), new float[parameters.length]);
            List<Float> scores = new ArrayList<>();
            for (int image = 0; image < method.images(); image++) {
                scores.add(last.scores()[image]);
            }
            return new Synthesis(loss.pictures(parameters).rows(0, method.images()), scores, course);
        }

        @Override
        public void close() {
            loss.close();
        }
    }
}
