package dev.vitrine.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What messages advise exists: every option that a command's own texts name is one of that command. */
class AdviceTest {
    private static final Pattern OPTION = Pattern.compile("(?<![\\w(-])--[a-z][a-z0-9-]*[a-z0-9]");
    private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern OTHER_COMMAND = Pattern.compile("(?:vitrine |List\\.of\\(\")([a-z]+)\\b");

    /** Options of other programs. */
    private static final Set<String> FOREIGN = Set.of("--saved-model", "--tflite", "--graphdef", "--no-such");

    private final Map<String, Set<String>> options = new HashMap<>();

    private Set<String> options(String command) {
        return options.computeIfAbsent(
                command,
                name -> OPTION.matcher(Shell.vitrine(name, "--help").succeeds().out())
                        .results()
                        .map(MatchResult::group)
                        .collect(Collectors.toSet()));
    }

    private static List<String> commands() {
        Matcher names = Pattern.compile("(?m)^  ([a-z]+) {2,}")
                .matcher(Shell.vitrine("--help").out());
        return names.results().map(found -> found.group(1)).toList();
    }

    @Test
    void optionsThatMessagesNameExist() throws IOException {
        List<String> commands = commands();
        assertThat(commands).hasSizeGreaterThan(25);
        Set<String> any = commands.stream()
                .flatMap(command -> options(command).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> wrong = new ArrayList<>();
        for (String root : List.of("../app", "../lens", "../vision", "../engine")) {
            try (Stream<Path> files = Files.walk(Path.of(root, "src/main/java"))) {
                for (Path file :
                        files.filter(name -> name.toString().endsWith(".java")).toList()) {
                    check(file, commands, any, wrong);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private void check(Path file, List<String> commands, Set<String> any, List<String> wrong) throws IOException {
        String name = file.getFileName().toString();
        String own = name.endsWith("Command.java")
                ? name.substring(0, name.length() - "Command.java".length()).toLowerCase(Locale.ROOT)
                : "";
        String source = Files.readString(file);
        for (MatchResult text : TEXT.matcher(source).results().toList()) {
            for (MatchResult option : OPTION.matcher(text.group()).results().toList()) {
                int start = text.start() + option.start();
                // A message may be put together of several texts.
                boolean alone = text.group().equals('"' + option.group() + '"');
                String before = alone ? "" : source.substring(Math.max(0, start - 250), start);
                String asked = OTHER_COMMAND
                        .matcher(before)
                        .results()
                        .map(found -> found.group(1))
                        .filter(commands::contains)
                        .reduce((first, last) -> last)
                        .orElse(own);
                Set<String> known = commands.contains(asked) ? options(asked) : any;
                // The demo asks explain.
                boolean passedOn = own.equals("demo");
                if (!passedOn && !known.contains(option.group()) && !FOREIGN.contains(option.group())) {
                    wrong.add(name + ": " + asked + " " + option.group() + " in " + text.group());
                }
            }
        }
    }
}
