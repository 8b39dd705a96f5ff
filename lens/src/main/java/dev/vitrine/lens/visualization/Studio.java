package dev.vitrine.lens.visualization;

import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.visualization.optimization.Course;
import dev.vitrine.lens.visualization.optimization.PictureLoss;
import dev.vitrine.lens.visualization.optimization.Problem;
import dev.vitrine.lens.visualization.optimization.Search;
import dev.vitrine.lens.visualization.parametrization.Parametrization;
import dev.vitrine.lens.visualization.parametrization.Views;
import dev.vitrine.lens.visualization.penalty.Penalty;
import java.util.List;
import java.util.SplittableRandom;

/** Synthesizes one picture from one problem, opened for that alone. */
record Studio(ModelSession session, Problem problem) {
    static Studio of(
            ModelSession session,
            Model model,
            Parametrization parametrization,
            Views views,
            Objective objective,
            List<Penalty> penalties) {
        return new Studio(session, new Problem(model, parametrization, views, objective, penalties));
    }

    Synthesis run(Search search, Start start, long seed, Search.Watch watch, Progress progress) {
        return run(search, start, seed, Search.Upkeep.NONE, watch, progress);
    }

    Synthesis run(Search search, Start start, long seed, Search.Upkeep upkeep, Search.Watch watch, Progress progress) {
        SplittableRandom random = new SplittableRandom(seed);
        try (PictureLoss loss = problem.open(session.runner())) {
            float[] parameters = start.parameters(problem, random);
            Course course = search.run(loss, parameters, random, upkeep, watch, progress);
            PictureLoss.Answer last = loss.at(parameters, loss.straight(), new float[parameters.length]);
            return new Synthesis(loss.pictures(parameters).rows(0, 1), List.of(last.scores()[0]), course);
        }
    }
}
