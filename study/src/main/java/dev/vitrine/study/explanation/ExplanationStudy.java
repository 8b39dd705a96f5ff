package dev.vitrine.study.explanation;

import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.method.MethodChoice;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.card.CardText;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import java.util.TreeMap;

/**
 * Explanations of predictions by several methods: overlays and maps as files, and pages of all of them, drawn while the
 * network runs.
 *
 * @param targets classes to explain for each picture; ignored by an objective without classes
 */
public record ExplanationStudy(
        Model model,
        PictureList pictures,
        Objective objective,
        Targets targets,
        MethodChoice methods,
        DrawingPlan drawing)
        implements Study<Explanations> {
    private static final int FORMAT = 2;

    @Override
    public String id() {
        return "explain";
    }

    Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with("card", Digest.of(CardText.of(model.card())))
                .with(pictures)
                .with("objective", objective)
                .with("targets", targets)
                .with("methods", methods.entries().stream().map(methods::method).toList())
                .with("where impossible", methods.impossible())
                .with("reduction", drawing.reduction())
                .with("arrays", drawing.arrays())
                .with("painter", drawing.painter())
                .with("scale", drawing.scale())
                .with("findings", new TreeMap<>(drawing.findings().methods()));
    }

    @Override
    public Outcome<Explanations> run(StudyContext context) {
        try (ExplanationFolder folder = new ExplanationFolder(model, objective, drawing)) {
            return new ExplanationRun(this, context, folder).outcome();
        }
    }
}
