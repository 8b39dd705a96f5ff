package dev.vitrine.app.method;

import dev.vitrine.app.model.ShortNames;
import dev.vitrine.app.terminal.Bound;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.IntegratedGradients;
import dev.vitrine.lens.attribution.Quadrature;
import dev.vitrine.lens.attribution.SmoothGradient;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Layers;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.perturbation.Occlusion;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Hyper-parameters of methods; each method reads what applies to it. */
public final class MethodOptions {
    /** Options without their dashes, as methods call them too. */
    static final List<String> NAMES = List.of(
            "layer",
            "steps",
            "quadrature",
            "baseline",
            "samples",
            "noise",
            "seed",
            "superpixels",
            "cells",
            "keep",
            "area",
            "iterations",
            "window",
            "stride",
            "shape",
            "measure");

    private static final int OFTEN_STEPS = 10;
    private static final int OFTEN_SAMPLES = 6;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--layer",
            paramLabel = "NAME",
            description = "Layer of the class activation maps; see 'vitrine layers'. Default: the last with height and"
                    + " width before the head.")
    private Optional<String> layer;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "50",
            description = "Steps of integrated-gradients. Default: ${DEFAULT-VALUE}.")
    private int steps;

    @Option(
            names = "--quadrature",
            paramLabel = "RULE",
            description =
                    "Quadrature rule of integrated-gradients: adaptive, gauss-legendre,"
                            + " gauss-legendre-squared, riemann-middle, riemann-left, riemann-right or riemann-trapezoid."
                            + " Default: adaptive in pictures; gauss-legendre, whose points are fixed, in attribute and compile.")
    private Optional<Quadrature> quadrature;

    @Option(
            names = {"--baseline", "--value"},
            paramLabel = "WHAT",
            description =
                    "Baseline: the starting point of integrated-gradients and deep-lift (default: black), and what"
                            + " occlusion (default: grey) and masks (default: each method's own) put in place of the picture."
                            + " One of black, grey, white, a color as #rrggbb, zero or another number in the network's own"
                            + " units, mean (the picture's mean color), blur, noise, or an .npy file in the shape of the"
                            + " model's input.")
    private Optional<String> baseline;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description =
                    "Number of noisy copies for smooth-grad and its relatives (default: 25); of masks for rise (4000), lime"
                            + " (1000) and kernel-shap (2000).")
    private Optional<Integer> samples;

    @Option(
            names = "--noise",
            paramLabel = "SHARE",
            defaultValue = "0.15",
            description =
                    "Standard deviation of smooth-grad's noise, as a share of the range of the input's values. Default:"
                            + " ${DEFAULT-VALUE}.")
    private double noise;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Seed of noise and random masks; the same seed gives the same bytes. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--superpixels",
            paramLabel = "N",
            description =
                    "Approximate number of superpixels for feature-ablation (default: 100), lime and kernel-shap (50).")
    private Optional<Integer> superpixels;

    @Option(
            names = "--cells",
            paramLabel = "N",
            description = "Cells of a rise mask along each side of the picture (default: 7).")
    private Optional<Integer> cells;

    @Option(
            names = "--keep",
            paramLabel = "SHARE",
            description = "Probability that a cell of a rise mask is kept (default: 0.5).")
    private Optional<Double> keep;

    @Option(
            names = "--area",
            paramLabel = "SHARE",
            description = "Share of the picture that extremal-perturbation keeps (default: 0.1).")
    private Optional<Double> area;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description = "Optimization steps of extremal-perturbation (default: 200).")
    private Optional<Integer> iterations;

    @Option(
            names = "--window",
            paramLabel = "PIXELS",
            description = "Side of the occluder, in pixels of the network's input (default: 1/14 of the input's side).")
    private Optional<Integer> window;

    @Option(
            names = "--stride",
            paramLabel = "PIXELS",
            description = "Distance between positions of the occluder, in pixels (default: half of --window).")
    private Optional<Integer> stride;

    @Option(
            names = "--shape",
            paramLabel = "SHAPE",
            defaultValue = "square",
            description = "Shape of the occluder: square or disc. Default: ${DEFAULT-VALUE}.")
    private Occlusion.Shape shape;

    @Option(
            names = "--measure",
            paramLabel = "WHAT",
            defaultValue = "drop",
            description = "What occlusion maps show: drop of the score, or percent of it. Default: ${DEFAULT-VALUE}.")
    private Occlusion.Measure measure;

    public long seed() {
        return seed;
    }

    /** Checked, for a model; with fixed positions on the way of integrated gradients, which other programs can repeat. */
    public Attributions.Options on(Model model) {
        return on(model, Quadrature.GAUSS_LEGENDRE);
    }

    /** Checked, for a model; with positions that suit the picture. */
    public Attributions.Options forPictures(Model model) {
        return on(model, Quadrature.ADAPTIVE);
    }

    private Attributions.Options on(Model model, Quadrature usual) {
        Bound.atLeastOne("--steps", steps);
        samples.ifPresent(given -> Bound.atLeastOne("--samples", given));
        if (!(noise >= 0) || Double.isInfinite(noise)) {
            throw VitrineException.usage("--noise " + noise + ": expected a number from 0 up, such as 0.15.");
        }
        return new Attributions.Options(
                layer.map(name -> new Layers(model).find(name).name()),
                steps,
                quadrature.orElse(usual),
                baseline.map(word -> Baselines.parse(word, model, seed)),
                samples.map(OptionalInt::of).orElse(OptionalInt.empty()),
                noise,
                seed,
                perturbations());
    }

    private Attributions.Perturbations perturbations() {
        window.ifPresent(given -> Bound.atLeastOne("--window", given));
        stride.ifPresent(given -> Bound.atLeastOne("--stride", given));
        superpixels.ifPresent(given -> Bound.atLeastOne("--superpixels", given));
        cells.ifPresent(given -> Bound.atLeastOne("--cells", given));
        iterations.ifPresent(given -> Bound.atLeastOne("--iterations", given));
        aShare("--keep", keep);
        aShare("--area", area);
        return new Attributions.Perturbations(
                window.map(OptionalInt::of).orElse(OptionalInt.empty()),
                stride.map(OptionalInt::of).orElse(OptionalInt.empty()),
                superpixels.map(OptionalInt::of).orElse(OptionalInt.empty()),
                cells.map(OptionalInt::of).orElse(OptionalInt.empty()),
                keep.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                area.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                iterations.map(OptionalInt::of).orElse(OptionalInt.empty()),
                shape,
                measure);
    }

    private static void aShare(String option, Optional<Double> given) {
        if (given.isPresent() && !(given.get() > 0 && given.get() < 1)) {
            throw VitrineException.usage(option + " " + given.get() + ": expected a number between 0 and 1.");
        }
    }

    /**
     * A method for work that explains each picture many times: gradients along a path or over noisy copies are fewer where
     * nobody says how many.
     */
    public Attribution often(Attributions.Entry entry, Model model) {
        Attributions.Options options = on(model);
        Attribution usual = entry.make().apply(options);
        if (usual instanceof IntegratedGradients && !isGiven("steps")) {
            return entry.make().apply(options.withSteps(OFTEN_STEPS));
        }
        if (usual instanceof SmoothGradient && !isGiven("samples")) {
            return entry.make().apply(options.withSamples(OFTEN_SAMPLES));
        }
        return usual;
    }

    /** Whether a person gave the option of this name. */
    public boolean isGiven(String name) {
        return command.commandLine().getParseResult().hasMatchedOption("--" + name);
    }

    /** Says where class activation maps of a unit are drawn, if nobody named the layer: it depends on the unit. */
    public void noteLayer(List<Attribution> settled, Objective objective, Terminal terminal) {
        if (objective.layers().isEmpty() || isGiven("layer")) {
            return;
        }
        settled.stream()
                .map(method -> Optional.ofNullable(method.options().get("layer")))
                .flatMap(Optional::stream)
                .distinct()
                .forEach(layer -> terminal.err()
                        .println("note: class activation maps of " + objective.description() + " are drawn at '" + layer
                                + "', the last layer with height and width at or before it."));
    }

    /** Says which options were given that none of the methods reads, and which layer a short name stands for. */
    public void noteUnused(List<Attribution> methods, Model model, Terminal terminal) {
        ShortNames.ofLayers(layer.stream().toList(), model, terminal);
        Set<String> read = new TreeSet<>();
        methods.forEach(method -> read.addAll(method.optionsOn(model).keySet()));
        for (String name : NAMES) {
            if (isGiven(name) && !read.contains(name)) {
                terminal.err()
                        .println("note: --" + name + " was not used: "
                                + (methods.size() == 1
                                        ? "the method " + methods.get(0).id() + " has"
                                        : "the methods have")
                                + " no such option.");
            }
        }
    }
}
