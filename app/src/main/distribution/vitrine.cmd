@echo off
rem Starts Vitrine from a distribution. Needs a Java runtime of version 17 or later, on the PATH or in JAVA_HOME.
setlocal
set "java=java"
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "java=%JAVA_HOME%\bin\java.exe"
where /q "%java%" 2>nul || if not exist "%java%" (
    echo vitrine: found no java; expected Java 17 or later on the PATH or in JAVA_HOME. 1>&2
    exit /b 1
)
set "jar="
for %%f in ("%~dp0vitrine-app-*.jar") do set "jar=%%f"
if not defined jar (
    echo vitrine: found no vitrine-app jar in "%~dp0"; expected the files of the distribution beside this one. 1>&2
    exit /b 1
)
set ORT_DISABLE_TELEMETRY=1
"%java%" -Xms64m -XX:+UseSerialGC -XX:MaxDirectMemorySize=8g -Dfile.encoding=UTF-8 -Djava.awt.headless=true %VITRINE_JAVA_OPTIONS% -jar "%jar%" %*
exit /b %ERRORLEVEL%
