package dev.vitrine.lens.visualization.optimization;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.visualization.parametrization.Parametrization;
import dev.vitrine.lens.visualization.parametrization.Views;
import dev.vitrine.lens.visualization.penalty.Penalty;
import java.util.List;

/**
 * The optimization problem: pictures with a high score and low penalties.
 *
 * @param model at the size of the pictures
 * @param images number at a time
 * @param objective of a fixed class or unit
 */
public record Problem(
        Model model,
        int images,
        Parametrization parametrization,
        Views views,
        Objective objective,
        List<Penalty> penalties) {
    public Problem {
        penalties = List.copyOf(penalties);
        if (images < 1) {
            throw new IllegalArgumentException(images + " images");
        }
        if (objective.takesTarget()) {
            throw new IllegalArgumentException("objective '" + objective.description() + "' leaves the class open");
        }
        if (model.channels() != 1 && model.channels() != 3) {
            throw VitrineException.usage("Model '" + model.name() + "' takes " + model.channels()
                    + " channels; expected 1 or 3, since pictures are made in gray or in color. 'vitrine explain' takes"
                    + " pictures of any number of channels.");
        }
        Dimension batch = model.batch();
        if (batch.isFixed() && batch.size() != images) {
            throw VitrineException.usage("Model '" + model.name() + "' runs " + batch.size()
                    + " pictures at a time, as it was exported; expected a model with an open batch for " + images
                    + " images at a time.");
        }
    }

    /** One picture. */
    public Problem(
            Model model, Parametrization parametrization, Views views, Objective objective, List<Penalty> penalties) {
        this(
                model,
                model.batch().isFixed() ? (int) model.batch().size() : 1,
                parametrization,
                views,
                objective,
                penalties);
    }

    /** Shape of the pictures and of their parameters, {@code [N,C,H,W]}. */
    public long[] shape() {
        return new long[] {
            images,
            model.channels(),
            model.preprocessing().height(),
            model.preprocessing().width()
        };
    }

    /** Builds the graph of loss and gradient and opens it. */
    public PictureLoss open(Runner runner) {
        return new PictureLoss(this, runner);
    }

    /** The model for this number of pictures. */
    Model fixed() {
        return model.withGraph(new FixDimension(model.batch(), images).apply(model.graph()));
    }
}
