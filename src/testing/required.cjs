// what CommonJS, as Jest without its modules, gets where it cannot require an ES module
throw new Error(
  'didgate/testing is an ES module: import it; in Jest, run with NODE_OPTIONS=--experimental-vm-modules, ' +
    'testEnvironment: \'node\', and test files that are ES modules (.mjs, or "type": "module")',
)
