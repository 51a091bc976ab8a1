// The local system answers only to these names, and a deployed one never has them.
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']
const SCHEME = 'bearer'

// Who can sign in with one click on one machine.
const CALLERS = {
  'alice': 'user=alice',
  'device DEVICEID1': 'device=DEVICEID1',
  'olga': 'operator=olga',
}

// A call that succeeds as it is, on empty stores too.
const FIRST_CALLS = {user: 'RegisterDevice', device: 'PutDevice', operator: 'ListFirmware', support: 'ListFirmware'}

const element = id => document.getElementById(id)

function operationsOf(contract) {
  const methods = Object.values(contract.paths).flatMap(path => Object.values(path))
  return methods.filter(it => it.operationId)
}

/** Swagger UI sends the example of a parameter, so only a required one keeps it. Of several examples, it may send none. */
function prefill(parameter) {
  if (parameter.examples !== undefined) {
    parameter.example = Object.values(parameter.examples)[0].value
    delete parameter.examples
  }
  if (parameter.example !== undefined && !parameter.required) {
    parameter.description = `${parameter.description}\n\nFor example: \`${parameter.example}\``
    delete parameter.example
  }
}

/** The contract as the page shows it: callers come first, and a call can be tried without filling in a field. */
function prepared(contract) {
  for (const operation of operationsOf(contract)) {
    operation.description = `**Callers:** ${operation['x-callers'].join(', ')}\n\n${operation.description}`
  }
  const parameters = [
    ...Object.values(contract.components.parameters),
    ...Object.values(contract.paths).flatMap(path => path.parameters ?? []),
    ...operationsOf(contract).flatMap(operation => operation.parameters ?? []),
  ]
  for (const parameter of parameters) {
    prefill(parameter)
  }
  return contract
}

/** Folds the long text, leaves out what the head of the page has, and shows the callers of each operation. */
const pluginFor = contract => ({React}) => {
  const h = React.createElement
  const nothing = () => () => null
  const callersOf = (path, method) => contract.paths[path][method]['x-callers'].join(', ')
  return {
    wrapComponents: {
      InfoContainer: Original => properties =>
        h('details', {className: 'about'},
          h('summary', null, 'About all calls: callers and their tokens, errors, versions, lists'),
          h(Original, properties)),
      authorizeOperationBtn: nothing,
      OperationSummaryPath: Original => properties =>
        h(React.Fragment, null,
          h(Original, properties),
          h('span', {className: 'callers'}, 'Callers: ',
            callersOf(properties.operationProps.get('path'), properties.operationProps.get('method')))),
    },
  }
}

/** What a token says, without verifying it; nothing if it is not a JWT. */
function claimsOf(token) {
  try {
    const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(payload), it => it.charCodeAt(0))))
  } catch {
    return undefined
  }
}

/** The kind of caller, as a deployment with the default parameters sees it. */
function kindOf(claims) {
  const scopes = String(claims.scope ?? '').split(' ')
  const groups = scopes.includes('fleet/console') ? [claims['cognito:groups'] ?? []].flat() : []
  if (scopes.includes('fleet/operator') || groups.includes('operators')) {
    return 'operator'
  }
  if (groups.includes('support')) {
    return 'support'
  }
  const isDevice = scopes.includes('fleet/device') || (claims.sub !== undefined && claims.iss === claims.sub)
  return isDevice ? 'device' : 'user'
}

/** The caller that a token names; nobody if it is not a JWT. */
function callerOf(token) {
  const claims = claimsOf(token)
  return claims && {kind: kindOf(claims), name: claims.deviceid ?? claims.sub ?? claims.client_id, expires: claims.exp}
}

class SignIn {
  constructor(ui, contract) {
    this.ui = ui
    this.scheme = contract.components.securitySchemes[SCHEME]
    this.tags = Object.fromEntries(operationsOf(contract).map(it => [it.operationId, it.tags[0]]))
  }

  start() {
    element('sign-in').addEventListener('submit', event => {
      event.preventDefault()
      this.signIn(element('token').value.trim())
    })
    element('sign-out').addEventListener('click', () => this.signOut())
    if (LOOPBACK.includes(location.hostname)) {
      this.showCallers()
    }
    this.show()
  }

  showCallers() {
    for (const [name, query] of Object.entries(CALLERS)) {
      const button = document.createElement('button')
      button.type = 'button'
      button.textContent = `be ${name}`
      button.addEventListener('click', async () => {
        this.signIn(await (await fetch(`/local/token?${query}`)).text())
      })
      element('callers').append(button)
    }
    element('callers').hidden = false
    element('where-from').hidden = true
  }

  signIn(token) {
    const authorization = {name: SCHEME, schema: this.scheme, value: token}
    this.ui.authActions.authorizeWithPersistOption({[SCHEME]: authorization})
    element('token').value = ''
    this.show()
  }

  signOut() {
    this.ui.authActions.logoutWithPersistOption([SCHEME])
    this.show()
  }

  token() {
    return this.ui.authSelectors.authorized().getIn([SCHEME, 'value'])
  }

  show() {
    const token = this.token()
    element('sign-out').hidden = token === undefined
    element('caller').replaceChildren(...(token === undefined ? ['You are not signed in.'] : this.welcome(token)))
  }

  welcome(token) {
    const caller = callerOf(token)
    if (caller === undefined) {
      return ['You are signed in with a token that is not a JWT.']
    }
    if (caller.expires * 1000 < Date.now()) {
      return [`The token of ${caller.kind} ${caller.name} has expired. Sign in again.`]
    }
    return [`You are ${caller.kind} ${caller.name}. `, this.firstCall(FIRST_CALLS[caller.kind])]
  }

  firstCall(operation) {
    const tag = this.tags[operation]
    const link = document.createElement('a')
    link.href = `#/${tag}/${operation}`
    link.textContent = `Make a first call: ${operation}`
    link.addEventListener('click', () => {
      this.ui.layoutActions.show(['operations', tag, operation], true)
      element(`operations-${tag}-${operation}`).scrollIntoView()
    })
    return link
  }
}

async function showReference() {
  const contract = prepared(await (await fetch('/openapi.json')).json())
  const ui = SwaggerUIBundle({
    spec: contract,
    dom_id: '#reference',
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    persistAuthorization: true,
    tryItOutEnabled: true,
    plugins: [pluginFor(contract)],
    // Without a validator, the page calls no outside address.
    validatorUrl: null,
    onComplete: () => new SignIn(ui, contract).start(),
  })
}

showReference()
