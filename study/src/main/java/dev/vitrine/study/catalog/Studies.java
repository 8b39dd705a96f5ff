package dev.vitrine.study.catalog;

import dev.vitrine.study.Study;
import dev.vitrine.study.ablation.Ablation;
import dev.vitrine.study.ablation.ChannelAblation;
import dev.vitrine.study.ablation.LayerAblation;
import dev.vitrine.study.attack.ArrayAttack;
import dev.vitrine.study.attack.folder.FolderAttack;
import dev.vitrine.study.attack.folder.Resistance;
import dev.vitrine.study.attack.picture.AttackedPictures;
import dev.vitrine.study.attack.picture.PictureAttack;
import dev.vitrine.study.attack.universal.UniversalAnswer;
import dev.vitrine.study.attack.universal.UniversalAttack;
import dev.vitrine.study.calibration.Calibration;
import dev.vitrine.study.calibration.CalibrationSurvey;
import dev.vitrine.study.cue.ConflictStudy;
import dev.vitrine.study.cue.Conflicts;
import dev.vitrine.study.embedding.CodeExtraction;
import dev.vitrine.study.embedding.CodeTable;
import dev.vitrine.study.embedding.Embedded;
import dev.vitrine.study.embedding.Embedding;
import dev.vitrine.study.explanation.ExplanationStudy;
import dev.vitrine.study.explanation.Explanations;
import dev.vitrine.study.grid.PictureGrid;
import dev.vitrine.study.grid.PlacedPictures;
import dev.vitrine.study.growth.GrowthCourse;
import dev.vitrine.study.growth.GrowthStudy;
import dev.vitrine.study.invariance.InvarianceSurvey;
import dev.vitrine.study.invariance.Invariances;
import dev.vitrine.study.map.MapStudy;
import dev.vitrine.study.map.PictureMap;
import dev.vitrine.study.map.PropertySurvey;
import dev.vitrine.study.occlusion.OcclusionStudy;
import dev.vitrine.study.occlusion.Occlusions;
import dev.vitrine.study.probe.ProbeAnswer;
import dev.vitrine.study.probe.ProbeStudy;
import dev.vitrine.study.robustness.CorruptionSurvey;
import dev.vitrine.study.robustness.Robustness;
import dev.vitrine.study.robustness.RobustnessStudy;
import dev.vitrine.study.robustness.RobustnessTable;
import dev.vitrine.study.robustness.sheet.CorruptedAnswers;
import dev.vitrine.study.robustness.sheet.CorruptedPictures;
import dev.vitrine.study.segment.SegmentSearch;
import dev.vitrine.study.segment.Segments;
import dev.vitrine.study.shape.CueAnswers;
import dev.vitrine.study.shape.CueSurvey;
import dev.vitrine.study.shape.ShapeStudy;
import dev.vitrine.study.stress.StressStudy;
import dev.vitrine.study.stress.Stressed;
import dev.vitrine.study.synthesis.Dreaming;
import dev.vitrine.study.synthesis.Exaggerating;
import dev.vitrine.study.synthesis.Inverting;
import dev.vitrine.study.synthesis.MadePictures;
import dev.vitrine.study.synthesis.Misleading;
import dev.vitrine.study.synthesis.Painting;
import dev.vitrine.study.synthesis.Visualizing;
import dev.vitrine.study.trust.TrustResult;
import dev.vitrine.study.trust.TrustStudy;
import dev.vitrine.study.unit.activation.ActivationStudy;
import dev.vitrine.study.unit.activation.Activations;
import dev.vitrine.study.unit.dead.DeadSearch;
import dev.vitrine.study.unit.dead.DeadUnits;
import dev.vitrine.study.unit.example.ExampleSearch;
import dev.vitrine.study.unit.example.Examples;
import dev.vitrine.study.unit.filter.FilterStudy;
import dev.vitrine.study.unit.filter.Filters;
import dev.vitrine.study.unit.portrait.Portrait;
import dev.vitrine.study.unit.portrait.PortraitStudy;
import dev.vitrine.study.unit.portrait.UnitFindings;
import dev.vitrine.study.unit.portrait.UnitStudy;
import dev.vitrine.study.variant.VariantTraining;
import dev.vitrine.study.variant.Variants;
import dev.vitrine.study.where.Looks;
import dev.vitrine.study.where.WhereSearch;
import java.util.List;

/** All studies. To add one: its records, a line here, and a case in the contract test. */
public final class Studies {
    /**
     * A type of study.
     *
     * @param id name of its command, with a suffix if the command has several studies
     * @param answer type of its answer
     */
    public record Entry<R>(String id, Class<? extends Study<R>> study, Class<R> answer) {}

    public static final List<Entry<?>> ALL = List.of(
            new Entry<>("explain", ExplanationStudy.class, Explanations.class),
            new Entry<>("segment", SegmentSearch.class, Segments.class),
            new Entry<>("trust", TrustStudy.class, TrustResult.class),
            new Entry<>("where", WhereSearch.class, Looks.class),
            new Entry<>("dead", DeadSearch.class, DeadUnits.class),
            new Entry<>("examples", ExampleSearch.class, Examples.class),
            new Entry<>("unit-portrait", PortraitStudy.class, Portrait.class),
            new Entry<>("unit", UnitStudy.class, UnitFindings.class),
            new Entry<>("activations", ActivationStudy.class, Activations.class),
            new Entry<>("filters", FilterStudy.class, Filters.class),
            new Entry<>("occlude", OcclusionStudy.class, Occlusions.class),
            new Entry<>("stress", StressStudy.class, Stressed.class),
            new Entry<>("ablate-layers", LayerAblation.class, Ablation.class),
            new Entry<>("ablate-channels", ChannelAblation.class, Ablation.class),
            new Entry<>("ablate-variants", VariantTraining.class, Variants.class),
            new Entry<>("growth", GrowthStudy.class, GrowthCourse.class),
            new Entry<>("attack", ArrayAttack.class, ArrayAttack.Answer.class),
            new Entry<>("attack-folder", FolderAttack.class, Resistance.class),
            new Entry<>("attack-universal", UniversalAttack.class, UniversalAnswer.class),
            new Entry<>("attack-pictures", PictureAttack.class, AttackedPictures.class),
            new Entry<>("corrupt", CorruptedPictures.class, CorruptedAnswers.class),
            new Entry<>("robustness", RobustnessStudy.class, RobustnessTable.class),
            new Entry<>("robustness-network", CorruptionSurvey.class, Robustness.class),
            new Entry<>("shape-bias", ShapeStudy.class, CueAnswers.class),
            new Entry<>("shape-bias-network", CueSurvey.class, CueAnswers.class),
            new Entry<>("cue-conflict", ConflictStudy.class, Conflicts.class),
            new Entry<>("invariance", InvarianceSurvey.class, Invariances.class),
            new Entry<>("calibration", CalibrationSurvey.class, Calibration.class),
            new Entry<>("codes", CodeExtraction.class, CodeTable.class),
            new Entry<>("map", MapStudy.class, PictureMap.class),
            new Entry<>("map-properties", PropertySurvey.class, PropertySurvey.Rows.class),
            new Entry<>("embed", Embedding.class, Embedded.class),
            new Entry<>("grid", PictureGrid.class, PlacedPictures.class),
            new Entry<>("probe", ProbeStudy.class, ProbeAnswer.class),
            new Entry<>("visualize", Visualizing.class, MadePictures.class),
            new Entry<>("dream", Dreaming.class, MadePictures.class),
            new Entry<>("caricature", Exaggerating.class, MadePictures.class),
            new Entry<>("fool", Misleading.class, MadePictures.class),
            new Entry<>("invert", Inverting.class, MadePictures.class),
            new Entry<>("style", Painting.class, MadePictures.class),
            new Entry<>("texture", Painting.class, MadePictures.class));

    private Studies() {}
}
